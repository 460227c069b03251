"""Signing a machine in from a browser (RFC 8628), so that no token is pasted.

The machine asks for two codes. The long one is its secret; the short one a person types on the site, where they see who
asks for what and decide. The token is made when the machine comes for it: its plain text is never kept.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from marketplace import attempts, selectors
from marketplace.errors import Invalid, NotAllowed, NotFound, Refusal, TooOften
from marketplace.models import DeviceLogin, Publisher, Token
from marketplace.services.audit import record
from marketplace.services.tokens import MAX_DAYS, SCOPES, token_issue
from marketplace.text import storable

LIVES = timedelta(minutes=15)
INTERVAL_SECONDS, SLOWER_BY, SLOWEST = 5, 5, 60
WAITING_AT_MOST = 20
WRONG_CODES, WRONG_WITHIN_SECONDS = 10, 600
# Twenty consonants: no word is spelled by chance, and no sign is taken for another. Eight of them are 34 bits.
_SIGNS, _LENGTH = "BCDFGHJKLMNPQRSTVWXZ", 8
_State = DeviceLogin.State


class NotYet(Refusal):
    """Why the machine gets no token; `error` is the word of the RFC for it."""

    def __init__(self, error: str, code: str, message: str, *, fix: str = "") -> None:
        super().__init__(code, message, fix=fix)
        self.error = error


@transaction.atomic
def device_begin(*, machine: str, scopes: Sequence[str], agent: str, address: str) -> tuple[DeviceLogin, str, str]:
    """A machine wants to be signed in: the row, its secret, and the code for the person."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Invalid("token.scopes", f"There is no scope {unknown[0][:20]!r}.", fix=f"Choose of {', '.join(SCOPES)}.")
    now = timezone.now()
    DeviceLogin.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    if DeviceLogin.objects.filter(address=address, state=_State.WAITING, expires_at__gt=now).count() >= WAITING_AT_MOST:
        raise TooOften("device.too-many", "Too many sign-ins wait for this address already.", fix="Finish one of them.")
    secret, code = secrets.token_urlsafe(32), _new_code()
    row = DeviceLogin.objects.create(
        device_hash=_hash(secret),
        code_hash=_code_hash(code),
        machine=storable(" ".join(machine.split()))[:60],
        agent=storable(agent)[:120],
        address=address[:45],
        asked_scopes=[scope for scope in SCOPES if scope in scopes],
        created_at=now,
        expires_at=now + LIVES,
        interval=INTERVAL_SECONDS,
    )
    return row, secret, code


def device_find(*, actor: AbstractBaseUser, code: str) -> DeviceLogin:
    """What waits under the code that a person typed. Whoever types many wrong ones has to pause."""
    key = f"device-code:{actor.pk}"
    if attempts.count(key) >= WRONG_CODES:
        said = "You have typed too many codes that do not exist."
        raise TooOften("device.too-many-codes", said, fix="Wait ten minutes, then start `skill login` again.")
    kept = _code_hash(code)
    row = DeviceLogin.objects.filter(code_hash=kept, state=_State.WAITING, expires_at__gt=timezone.now()).first()
    if row is None or not constant_time_compare(row.code_hash, kept):
        attempts.add(key, WRONG_WITHIN_SECONDS)
        fix = "Compare it with your terminal. A code lives 15 minutes and is used once; `skill login` gives a new one."
        raise NotFound("device.no-such-code", "No machine waits under this code.", fix=fix)
    return row


@transaction.atomic
def device_grant(
    *,
    actor: AbstractBaseUser,
    code: str,
    scopes: Sequence[str],
    publisher: Publisher | None = None,
    days: int = 30,
) -> DeviceLogin:
    """Let the machine have a token of the actor, no mightier than it asked for."""
    row = _held(device_find(actor=actor, code=code))
    if not scopes or set(scopes) - set(row.asked_scopes):
        raise Invalid(
            "token.scopes",
            "Grant at least one of the rights it asks for, and no other.",
            fix="Tick what the machine may do.",
        )
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(
            "token.days", f"A token lives 1 to {MAX_DAYS} days, not {days}.", fix="Choose another number of days."
        )
    if publisher is not None and not selectors.is_member(actor, publisher):
        raise NotAllowed(
            "publisher.not-member", f"You are not on the team of {publisher.handle}.", fix="Ask an owner of the team."
        )
    row.state, row.user, row.publisher = _State.GRANTED, actor, publisher
    row.scopes, row.days = list(scopes), days
    row.save()
    record(actor, "device.grant", row.machine, scopes=row.scopes, days=days, address=row.address, agent=row.agent)
    return row


@transaction.atomic
def device_deny(*, actor: AbstractBaseUser, code: str) -> DeviceLogin:
    """Turn the machine away."""
    row = _held(device_find(actor=actor, code=code))
    row.state, row.user = _State.DENIED, actor
    row.save(update_fields=["state", "user"])
    record(actor, "device.deny", row.machine, address=row.address, agent=row.agent)
    return row


def device_token(*, secret: str) -> tuple[Token, str]:
    """The token that the machine waits for, once; NotYet says why there is none."""
    with transaction.atomic():
        rows = DeviceLogin.objects.select_for_update(of=("self",)).select_related("user", "publisher")
        kept = _hash(secret)
        row = rows.filter(device_hash=kept).first()
        if row is None or not constant_time_compare(row.device_hash, kept) or row.state == _State.USED:
            raise NotYet("invalid_grant", "device.unknown", "No sign-in waits under this code.", fix="Start anew.")
        if row.state == _State.DENIED:
            raise NotYet(
                "access_denied", "device.denied", "The sign-in was turned down in the browser.", fix="Start anew."
            )
        if row.expires_at <= timezone.now():
            fix = "Run `skill login` again."
            raise NotYet("expired_token", "device.expired", "Nobody confirmed the sign-in in time.", fix=fix)
        if row.state == _State.GRANTED:
            return _issue(row)
        refusal = _wait(row)
    raise refusal


def _issue(row: DeviceLogin) -> tuple[Token, str]:
    if not row.user.is_active:
        raise NotYet(
            "access_denied", "token.user-inactive", "The account that confirmed it is closed.", fix="Start anew."
        )
    name = f"skill on {row.machine or 'a machine'}"
    row.state = _State.USED
    row.save(update_fields=["state"])
    return token_issue(actor=row.user, name=name, scopes=row.scopes, publisher=row.publisher, days=row.days)


def _wait(row: DeviceLogin) -> NotYet:
    """Not decided yet. Whoever asks too often is told to ask seldomer, from then on."""
    now = timezone.now()
    hasty = row.polled_at is not None and now - row.polled_at < timedelta(seconds=row.interval - 1)
    row.polled_at = now
    if hasty:
        row.interval = min(row.interval + SLOWER_BY, SLOWEST)
    row.save(update_fields=["polled_at", "interval"])
    if hasty:
        return NotYet("slow_down", "device.slow-down", f"Ask at most every {row.interval} seconds.", fix="Wait longer.")
    return NotYet(
        "authorization_pending", "device.pending", "The sign-in is not confirmed yet.", fix="Ask again later."
    )


def _held(row: DeviceLogin) -> DeviceLogin:
    """The row, locked and still undecided: of two decisions at once the first counts."""
    held = DeviceLogin.objects.select_for_update().get(pk=row.pk)
    if held.state != _State.WAITING:
        raise NotFound(
            "device.no-such-code", "This sign-in was decided already.", fix="Run `skill login` again for another code."
        )
    return held


def _new_code() -> str:
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"


def _code_hash(code: str) -> str:
    """Keyed, because all codes of this length could be tried against a plain hash. Case and hyphens do not matter."""
    plain = "".join(sign for sign in code.upper() if sign in _SIGNS)[: _LENGTH + 1]
    return salted_hmac("marketplace.device", plain, algorithm="sha256").hexdigest()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
