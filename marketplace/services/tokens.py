"""API tokens: `asy_<key>_<secret><crc32>`. The key finds the row, the secret is kept as its sha256 alone.

The checksum lets a client, or a scanner for leaked secrets, tell a token from a slip of the keyboard with no look-up.
A secret of 256 random bits needs no slow hash.
"""

import hashlib
import secrets
import string
import zlib
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace import selectors
from marketplace.errors import Invalid, NotAllowed, NotFound
from marketplace.models import Publisher, Token
from marketplace.services.audit import record

PREFIX = "asy"
SCOPES = ("read", "push", "rate", "yank", "admin")
MAX_DAYS = 366
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_KEY_SIGNS, _SECRET_SIGNS, _SUM_SIGNS = 12, 43, 6


@transaction.atomic
def token_issue(
    *,
    actor: AbstractBaseUser,
    name: str,
    scopes: Sequence[str],
    publisher: Publisher | None = None,
    days: int = 90,
) -> tuple[Token, str]:
    """A new token of the actor and its plain text, which is shown this once."""
    name = name.strip()
    if not name or len(name) > 80 or "\0" in name:
        raise Invalid(
            "token.name", "A token has a name of 1 to 80 letters, so that you know it again.", fix="Give another name."
        )
    if not scopes or (unknown := sorted(set(scopes) - set(SCOPES))):
        said = f"There is no scope {unknown[0][:20]!r}." if scopes else "A token has at least one scope."
        raise Invalid("token.scopes", said, fix=f"Choose of {', '.join(SCOPES)}.")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(
            "token.days", f"A token lives 1 to {MAX_DAYS} days, not {days}.", fix="Choose another number of days."
        )
    if publisher is not None and not selectors.is_member(actor, publisher):
        raise NotAllowed(
            "publisher.not-member", f"You are not on the team of {publisher.handle}.", fix="Ask an owner of the team."
        )
    key, secret = _random(_KEY_SIGNS), _random(_SECRET_SIGNS)
    token = Token.objects.create(
        user=actor,
        publisher=publisher,
        name=name,
        key=key,
        secret_hash=hash_secret(secret),
        scopes=[scope for scope in SCOPES if scope in scopes],
        expires_at=timezone.now() + timedelta(days=days),
    )
    detail = {"name": name, "scopes": token.scopes, "publisher": publisher.handle if publisher else None, "days": days}
    record(actor, "token.issue", key, **detail)
    return token, compose(key, secret)


@transaction.atomic
def token_revoke(*, actor: AbstractBaseUser, key: str) -> Token:
    """End one of the actor's own tokens. Ending it twice is no error."""
    token = Token.objects.filter(user=actor, key=key).first()
    if token is None:
        raise NotFound("token.not-found", "You have no such token.", fix="Your account page lists your tokens.")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor, "token.revoke", key, name=token.name)
    return token


def compose(key: str, secret: str) -> str:
    return f"{PREFIX}_{key}_{secret}{checksum(f'{PREFIX}_{key}_{secret}')}"


def parse(text: str) -> tuple[str, str] | None:
    """(key, secret) of a well-formed token, None for anything else."""
    head, crc = text[:-_SUM_SIGNS], text[-_SUM_SIGNS:]
    parts = head.split("_")
    if len(parts) != 3 or parts[0] != PREFIX or len(parts[1]) != _KEY_SIGNS or len(parts[2]) != _SECRET_SIGNS:
        return None
    if not text.isascii() or checksum(head) != crc:
        return None
    return parts[1], parts[2]


def checksum(text: str) -> str:
    """The crc32 in six signs of base 62."""
    number, signs = zlib.crc32(text.encode()), ""
    for _ in range(_SUM_SIGNS):
        number, digit = divmod(number, len(_ALPHABET))
        signs = _ALPHABET[digit] + signs
    return signs


def hash_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
