"""Signing a machine in from a browser: the device authorization grant of OAuth 2.0, RFC 8628.

Members and error words are those of the RFC, inside the problem documents that every error here is.
"""

from typing import Any

from django.conf import settings
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from marketplace import documents, services
from marketplace.api.base import ApiView
from marketplace.api.problems import problem
from marketplace.api.v1 import people_serializers
from marketplace.api.v1.describe import endpoint
from marketplace.errors import Refusal
from marketplace.services.devices import INTERVAL_SECONDS, LIVES, NotYet

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
DEFAULT_SCOPES = ("read", "push", "rate", "yank")
_NEVER_KEPT = {"Cache-Control": "no-store"}


def address_of(request: Any) -> str:
    """Where a request comes from, behind as many proxies as the settings trust."""
    return (BaseThrottle().get_ident(request) or "").strip()


class _DeviceView(ApiView):
    # Whoever asks here has no token yet; one that was sent along by habit is no reason to refuse.
    authentication_classes: list = []
    parser_classes = [FormParser, JSONParser]


class DeviceCode(_DeviceView):
    throttle_scope = "login"

    @endpoint(
        "device_code",
        request=people_serializers.DeviceCodeForm,
        answers={200: people_serializers.DeviceCode},
        errors=(415, 422, 429),
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Begin to sign a machine in: a code for a person to type at `verification_uri`, and one for the machine."""
        form = people_serializers.DeviceCodeForm(data=request.data)
        form.is_valid(raise_exception=True)
        _, secret, code = services.device_begin(
            machine=form.validated_data["machine"],
            scopes=form.validated_data["scope"].split() or DEFAULT_SCOPES,
            agent=request.META.get("HTTP_USER_AGENT", ""),
            address=address_of(request),
        )
        body = {
            "device_code": secret,
            "user_code": code,
            "verification_uri": f"{settings.SITE_URL}/device",
            "expires_in": int(LIVES.total_seconds()),
            "interval": INTERVAL_SECONDS,
        }
        return Response(body, headers=_NEVER_KEPT)


class DeviceToken(_DeviceView):
    throttle_scope = "poll"

    @endpoint(
        "device_token",
        request=people_serializers.DeviceTokenForm,
        answers={200: people_serializers.DeviceToken},
        errors=(400, 415, 422, 429),
        auth=[],
    )
    def post(self, request: Request) -> Any:
        """Fetch the token once a person has confirmed. Before that 400, whose `error` is a word of the RFC."""
        form = people_serializers.DeviceTokenForm(data=request.data)
        form.is_valid(raise_exception=True)
        if form.validated_data["grant_type"] != GRANT:
            return _refused(
                Refusal("device.grant-type", f"The grant type here is {GRANT}.", fix="Send it as `grant_type`."),
                "unsupported_grant_type",
            )
        try:
            token, text = services.device_token(secret=form.validated_data["device_code"])
        except NotYet as refusal:
            return _refused(refusal, refusal.error)
        body = {
            "access_token": text,
            "token_type": "Bearer",
            "expires_in": max(int((token.expires_at - token.created_at).total_seconds()), 0),
            "scope": " ".join(token.scopes),
            "expires_at": documents.time(token.expires_at),
            "publisher": token.publisher.handle if token.publisher else None,
        }
        return Response(body, headers=_NEVER_KEPT)


def _refused(refusal: Refusal, error: str) -> Any:
    said = {"error": error, "error_description": refusal.message}
    return problem(400, refusal.code, refusal.message, fix=refusal.fix, **said)
