"""The audit row that every service writes beside its change."""

from typing import Any

from marketplace.models import AuditEvent


def record(actor: Any, verb: str, subject: str, **detail: Any) -> None:
    """Who did what to which; actor is None when the registry itself did."""
    known = actor if getattr(actor, "pk", None) else None
    AuditEvent.objects.create(actor=known, verb=verb, subject=subject[:200], detail=detail)
