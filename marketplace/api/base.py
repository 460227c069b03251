"""What all views of API v1 share: JSON whatever is accepted, ready documents, conditional answers."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.views import APIView

from marketplace.api.problems import problem_response
from marketplace.api.throttles import Throttle
from marketplace.errors import Refusal

PUBLIC, PRIVATE = "public, no-cache", "private, no-store"


class OneFormat(BaseContentNegotiation):
    """There is one format; an Accept header that asks for another is no reason to answer nothing."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == wanted), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> tuple:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view of the API. throttle_scope names what it costs."""

    content_negotiation_class = OneFormat
    throttle_classes = [Throttle]
    throttle_scope: str | None = None


class HotView(ApiView):
    """A view that answers strangers' GETs from ready documents, before REST framework wakes.

    hot() answers what is public and there, None whatever needs a closer look: that goes the long way.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and "HTTP_AUTHORIZATION" not in request.META:
            try:
                response = self.hot(request, **kwargs)
            except Exception as error:
                if (answer := problem_response(error)) is None:
                    raise
                return answer
            if response is not None:
                return response
        return super().dispatch(request, *args, **kwargs)

    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        raise NotImplementedError


def json_answer(
    request: Any, text: str, *, public: bool = True, media_type: str = "application/json"
) -> HttpResponseBase:
    """A document that is JSON already, with its ETag; 304 where the asker has it."""
    body = text.encode()
    plain = getattr(request, "_request", request)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": PUBLIC if public else PRIVATE, "Vary": "Authorization"}
    response = HttpResponse(body, content_type=media_type, headers=headers)
    return get_conditional_response(plain, etag=etag, response=response)


def page_size(request: Any, default: int = 20, most: int = 100) -> int:
    """The parameter `limit`: 1 to 100."""
    text = request.GET.get("limit", "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise Refusal(
            "request.limit",
            f"`limit` is a whole number from 1 to {most}.",
            fix="Leave `limit` out, or give a number in this range.",
        )
    return int(text)


def next_address(request: Any, cursor: str) -> str | None:
    """This address again with the cursor of the next page; None after the last."""
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
