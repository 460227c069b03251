"""How a page says no: what a service refuses becomes the page of its status, in one place."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from marketplace.errors import NotFound, Refusal


def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose refusals are answered with a page: 404 for what is not there, 403 and its like with the sentence."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as refusal:
            raise Http404(refusal.message) from refusal
        except Refusal as refusal:
            return render(request, "403.html", {"trouble": refusal, "status": refusal.status}, status=refusal.status)

    return wrapped


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own answer to this one knows neither the person nor the site's name."""
    return render(request, "400.html", status=400)
