"""Every error of the API as application/problem+json: one sentence, a stable code, what to do.

`problem_response` answers what a view raises. `ProblemMiddleware` answers what never reached a view or fell out of one:
an unknown address, a refused host, a crash.
"""

import errno
import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions

from marketplace.errors import Refusal
from sandbox.errors import RoomError
from vetting.errors import PlatformError, SkillError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = "5"
# What the framework refuses has the code of its status.
CODES = {
    400: "request.malformed", 401: "token.missing", 403: "request.forbidden", 404: "request.not-found",
    405: "request.method", 406: "request.accept", 413: "upload.too-large", 415: "request.media-type",
    429: "request.too-many", 500: "platform.crash", 503: "platform.busy",
}  # fmt: skip

# What to do where nobody closer to the trouble has said it.
_DOCS = "What this registry takes is described at /api/v1/docs."
_FIXES = {
    "request.malformed": _DOCS, "request.not-found": _DOCS, "request.method": _DOCS, "request.accept": _DOCS,
    "request.media-type": _DOCS, "request.invalid": f"Mend what it names. {_DOCS}",
    "token.missing": "Send a token of yours as `Authorization: Bearer asy_…`.",
    "request.forbidden": "Ask somebody who may, or use a token that has this right.",
    "upload.too-large": "Leave out what an agent does not need: build output, media, dependencies.",
    "platform.crash": "Try again; if it happens again, tell the operator when it did.",
    "platform.busy": "Try again in a while.",
}  # fmt: skip


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> HttpResponse:
    """The answer itself; members that say nothing are left out."""
    more["fix"] = more.get("fix") or _FIXES.get(code, "")
    body = {
        "type": f"urn:assay:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **{key: value for key, value in more.items() if value},
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(
        text, status=status, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"} | (headers or {})
    )


def problem_response(error: Exception, context: dict[str, Any] | None = None) -> HttpResponse | None:
    """The answer to what a view raised; None for a bug, which goes on to be logged and answered as 500."""
    if isinstance(error, Refusal):
        headers = {"WWW-Authenticate": 'Bearer realm="assay"'} if error.status == 401 else {}
        return problem(error.status, error.code, error.message, headers=headers, fix=error.fix)
    if isinstance(error, SkillError):
        status = 413 if error.code.startswith("archive.too-") else 422
        return problem(status, error.code, error.message, fix=error.fix, file=error.file, line=error.line)
    if isinstance(error, PlatformError | RoomError):
        log.error("%s: %s", error.code, error.message)
        return problem(503, error.code, error.message, headers={"Retry-After": RETRY_SECONDS}, fix="Try again later.")
    if is_full(error):
        log.error("there is no room left: %s", error)
        said = "The registry has no room left on its disk; nothing of your request was kept."
        return problem(507, "platform.disk-full", said, fix="Tell the operator, and try again once there is room.")
    if isinstance(error, OperationalError):
        log.error("the database did not answer: %s", error)
        headers = {"Retry-After": RETRY_SECONDS}
        return problem(
            503, "platform.database", "The database does not answer in time.", headers=headers, fix="Try again."
        )
    return _framework_problem(error)


def is_full(error: Exception) -> bool:
    """A write that failed for want of room, in the words of the system, of SQLite and of PostgreSQL."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    words = ("disk is full", "no space left", "disk full")
    return isinstance(error, OperationalError) and any(one in str(error).lower() for one in words)


def _framework_problem(error: Exception) -> HttpResponse | None:
    """What Django and REST framework raise by themselves."""
    if isinstance(error, exceptions.ValidationError):
        return problem(422, "request.invalid", _first_sentence(error.detail), errors=error.detail)
    if isinstance(error, exceptions.Throttled):
        wait = str(int(error.wait or 60) + 1)
        said = f"Too many requests of this kind; the next is taken in {wait} seconds."
        return problem(429, "request.too-many", said, headers={"Retry-After": wait}, fix=f"Wait {wait} seconds.")
    if isinstance(error, exceptions.APIException):
        headers = {}
        if error.status_code == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="assay"'
        said = str(error.detail).rstrip(".") + "."
        return problem(error.status_code, _code(error.status_code), said, headers=headers)
    if isinstance(error, Http404):
        return problem(404, "request.not-found", "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return problem(403, "request.forbidden", "This is not allowed.")
    if isinstance(error, RequestDataTooBig):
        return problem(413, "upload.too-large", "The request is larger than this registry takes.")
    if isinstance(error, MultiPartParserError | SuspiciousOperation | TooManyFilesSent):
        return problem(400, "request.malformed", "The request cannot be read as it was sent.")
    return None


def _first_sentence(detail: Any, field: str = "") -> str:
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        return _first_sentence(inner, name)
    if isinstance(detail, list):
        return _first_sentence(detail[0], field)
    return f"{field}: {detail}" if field and field != "non_field_errors" else str(detail)


def _code(status: int) -> str:
    return CODES.get(status, f"http.{status}")


_SENTENCES = {
    400: "The request cannot be read as it was sent.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The request is larger than this registry takes.",
    500: "Something broke on our side. It was logged; nothing of your request was half-kept.",
}


class ProblemMiddleware:
    """Turns every error below /api/ that is not a problem document yet into one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith("/api/"):
            return response
        if response.get("Content-Type", "").startswith((MEDIA_TYPE, "application/json")):
            return response
        status = response.status_code
        said = _SENTENCES.get(status, f"{HTTPStatus(status).phrase}.")
        kept = {name: response[name] for name in ("Allow", "Retry-After", "WWW-Authenticate") if name in response}
        return problem(status, _code(status), said, headers=kept)
