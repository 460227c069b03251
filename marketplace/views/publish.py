"""The upload form: the same push that the API and the command line do."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marketplace import services
from marketplace.errors import Refusal
from marketplace.forms import PublishForm
from marketplace.views.answers import page
from vetting.errors import PlatformError, SkillError

PUSH_COMMAND = "skill push my-skill --wait"


@require_http_methods(["GET", "HEAD", "POST"])
@page
def publish(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return _form(request, None)
    if request.method != "POST":
        return _form(request, PublishForm(user=request.user, initial={"owner": request.GET.get("owner", "")}))
    form = PublishForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _form(request, form, status=422)
    upload = form.cleaned_data["bundle"]
    try:
        release, created = services.release_push(
            actor=request.user,
            publisher=form.cleaned_data["owner"],
            data=upload.read(),
            filename=upload.name,
            version=form.cleaned_data["version"],
        )
    except SkillError as trouble:
        return _form(request, form, trouble, status=422)
    except Refusal as trouble:
        return _form(request, form, trouble, status=trouble.status)
    except PlatformError as trouble:
        return _form(request, form, trouble, status=503)
    if not created:
        messages.info(request, "These very bytes were pushed before; this is their report.")
    owner, _, name = release.skill.full_name.partition("/")
    return redirect("report", owner, name, release.version)


def _form(
    request: HttpRequest, form: PublishForm | None, trouble: Exception | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "trouble": trouble, "push_command": PUSH_COMMAND}
    return render(request, "marketplace/publish.html", context, status=status)
