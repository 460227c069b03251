"""What makes two findings the same one: kind, check, file and words; not the line, which moves with every edit."""

from collections.abc import Mapping
from hashlib import sha256


def mark(finding: Mapping) -> str:
    """The same for the same finding in another version or another vetting; a row of `findings[]` is asked for."""
    words = " ".join((finding.get("evidence") or finding.get("why") or "").split())
    parts = (finding["code"], finding["check"], finding.get("file") or "", words)
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
