"""Who is asking: `Authorization: Bearer asy_<key>_<secret><crc32>`, and what that token may do."""

import hmac
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from marketplace.errors import NotAllowed, Unauthenticated
from marketplace.models import Token
from marketplace.services.tokens import hash_secret, parse

_NEW = "Make a new token on the account page, or ask the operator for one."
# A busy token writes its last use at most this often.
_USED_EVERY = timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    """Finds the token's row by its key and compares secrets in constant time."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or (parts := parse(text.strip())) is None:
            raise Unauthenticated(
                "token.malformed", "This is no token of this registry.", fix=f"Check for a slip. {_NEW}"
            )
        token = self._find(*parts)
        self._use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="assay"'

    @staticmethod
    def _find(key: str, secret: str) -> Token:
        token = Token.objects.select_related("user", "publisher").filter(key=key).first()
        # An unknown key costs the same comparison, so that time tells nothing of which keys there are.
        kept = token.secret_hash if token else "0" * 64
        if not hmac.compare_digest(kept, hash_secret(secret)) or token is None:
            raise Unauthenticated("token.unknown", "This token is not known here.", fix=_NEW)
        if token.revoked_at is not None:
            raise Unauthenticated("token.revoked", f"The token {token.name!r} was revoked.", fix=_NEW)
        if token.expires_at <= timezone.now():
            said = f"The token {token.name!r} expired on {token.expires_at:%Y-%m-%d}."
            raise Unauthenticated("token.expired", said, fix=_NEW)
        if not token.user.is_active:
            raise Unauthenticated(
                "token.user-inactive", "The account of this token is closed.", fix="Ask the operator of this registry."
            )
        return token

    @staticmethod
    def _use(token: Token) -> None:
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - _USED_EVERY:
            stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USED_EVERY)
            Token.objects.filter(stale, pk=token.pk).update(last_used_at=now)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema names it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "asy_<key>_<secret><crc32>"}


def asker(request: Request, scope: str, *, owner: str | None = None) -> Any:
    """The user behind the request, whose token must hold the scope and, where it is bound, be bound to the owner."""
    token = request.auth
    if token is None:
        raise Unauthenticated("token.missing", "This needs a token.", fix=f"Send `Authorization: Bearer …`. {_NEW}")
    if scope not in token.scopes and not (scope == "read" and "push" in token.scopes):
        said = f"The token {token.name!r} does not hold the scope {scope!r}; it holds {', '.join(token.scopes)}."
        raise NotAllowed("token.wrong-scope", said, fix=f"Use a token with the scope {scope!r}.")
    if owner is not None and token.publisher is not None and token.publisher.handle != owner:
        said = f"The token {token.name!r} is bound to {token.publisher.handle}, not {owner[:80]}."
        raise NotAllowed("token.wrong-publisher", said, fix=f"Use a token of {owner[:80]}.")
    return request.user


def reader(request: Request, owner: str) -> Any:
    """The user as far as this token lets them read what is not public of this owner; None for everybody else."""
    token = request.auth
    if token is None or not {"read", "push"} & set(token.scopes):
        return None
    if token.publisher is not None and token.publisher.handle != owner:
        return None
    return request.user
