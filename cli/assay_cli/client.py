"""The registry's API v1 over HTTP. What goes wrong comes out as one of errors.py."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx

from assay_cli import __version__, clean
from assay_cli.docs import pick, text
from assay_cli.errors import ODD_ANSWER, CliError, Missing, NotAllowed, Refused, Tampered, Unreachable
from assay_cli.names import Ref

MAX_JSON = 16 * 1024 * 1024
MAX_BUNDLE = 80 * 1024 * 1024
TIMEOUT = httpx.Timeout(60, connect=10)
LOGIN_AGAIN = "Is the token still valid, and has it this scope? `skill login` keeps another one."
# Where the first part of a problem's code says that the skill itself was refused, not the request.
ABOUT_THE_SKILL = ("archive", "upload", "manifest", "bundle", "name", "skill", "version")


class Registry:
    def __init__(self, url: str, token: str, *, warn: Callable[[str], None]) -> None:
        self.url, self.token = url, token
        headers = {"User-Agent": f"assay-skill/{__version__}", "Accept": "application/json"}
        if token:
            if not token.isascii() or not token.isprintable():
                raise NotAllowed("The token has characters that no token has.", hint="Run `skill login` again.")
            headers["Authorization"] = f"Bearer {token}"
            if urlsplit(url).scheme == "http" and not _is_local(urlsplit(url).hostname or ""):
                warn(f"warning: the token goes to {clean.line(url)} unencrypted; use https")
        self._http = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT, follow_redirects=False)

    def get(self, path: str, **params: Any) -> dict:
        return self._json("GET", path, params={key: value for key, value in params.items() if value not in (None, "")})

    def post(self, path: str, body: dict | None = None) -> dict:
        return self._json("POST", path, json=body or {})

    def delete(self, path: str) -> dict:
        return self._json("DELETE", path)

    def put(self, path: str, body: dict) -> dict:
        return self._json("PUT", path, json=body)

    def send(self, path: str, archive: bytes, fields: dict[str, str]) -> dict:
        """Upload a bundle; what it is named on the wire does not matter, but its ending does."""
        files = {"bundle": ("skill.tar.gz", archive, "application/gzip")}
        return self._json("POST", path, data=fields, files=files)

    def bundle(self, ref: Ref) -> bytes:
        return self._request("GET", f"{release_path(ref)}/bundle", limit=MAX_BUNDLE, redirects=True)

    def _json(self, method: str, path: str, **options: Any) -> dict:
        body = self._request(method, path, limit=MAX_JSON, **options)
        try:
            document = json.loads(body) if body.strip() else {}
        except (ValueError, RecursionError) as error:
            raise self._not_a_registry("it did not answer with JSON") from error
        if not isinstance(document, dict):
            raise self._not_a_registry("its answer has another shape")
        return document

    def _request(self, method: str, path: str, *, limit: int, redirects: bool = False, **options: Any) -> bytes:
        try:
            with self._http.stream(method, f"/api/v1{path}", follow_redirects=redirects, **options) as answer:
                body = _bounded(answer, limit)
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self.url} did not answer in time.", hint="Try again in a while.") from error
        except httpx.TransportError as error:
            hint = "Is the registry running? ASSAY_URL or --url names another one."
            raise Unreachable(f"{self.url} cannot be reached: {clean.line(error)}.", hint=hint) from error
        except (httpx.InvalidURL, httpx.DecodingError, httpx.TooManyRedirects) as error:
            raise self._not_a_registry(clean.line(error)) from error
        if answer.is_success:
            return body
        raise self._problem(answer, body)

    def _not_a_registry(self, why: str) -> CliError:
        return Unreachable(f"{self.url} does not answer like a registry: {why}.", hint="Check ASSAY_URL or --url.")

    def _problem(self, answer: httpx.Response, body: bytes) -> CliError:
        """application/problem+json as an error of ours."""
        try:
            problem = json.loads(body)
        except (ValueError, RecursionError):
            problem = {}
        status = answer.status_code
        code = clean.line(text(problem, "code"), 80) or f"http.{status}"
        message = clean.line(text(problem, "detail") or text(problem, "title") or f"The registry answered {status}.")
        hint, line = clean.line(text(problem, "fix")), pick(problem, "line")
        place = clean.line(text(problem, "file"))
        place = f"{place}:{line}" if place and isinstance(line, int) and line > 0 else place
        kind, advice = _kind(status, code)
        if status == 401 or code.startswith("token."):
            advice = LOGIN_AGAIN if self.token else "Run `skill login`, or set ASSAY_TOKEN."
        return kind(message, code=code, hint=hint or advice, place=place)


def _kind(status: int, code: str) -> tuple[type[CliError], str]:
    if status in (401, 403):
        return NotAllowed, ""
    if status == 404:
        return Missing, ""
    if status == 410:
        return Refused, "Choose another release."
    if status == 429 or status >= 500:
        return Unreachable, "Try again in a while."
    if 300 <= status < 400:
        return Unreachable, "The registry lives at another address; check ASSAY_URL or --url."
    if status in (400, 409, 413, 415, 422) and code.split(".")[0] in ABOUT_THE_SKILL:
        return Refused, ""
    return CliError, ""


def _bounded(answer: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > limit:
            raise Tampered(f"The registry sent more than {limit} bytes.", code="integrity.too-large", hint=ODD_ANSWER)
    return bytes(body)


def _is_local(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def skill_path(ref: Ref) -> str:
    return f"/skills/{ref.owner}/{ref.name}"


def release_path(ref: Ref) -> str:
    return f"{skill_path(ref)}/releases/{ref.version}"
