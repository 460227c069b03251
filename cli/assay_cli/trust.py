"""Is this what the registry signed? Keys pinned on first use, the DSSE envelope, and the in-toto statement inside.

A registry's keys are learnt once and written down. Whoever later takes over the address, or the connection, has
another key and is refused: that is what the pin is for.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assay_cli import clean, config
from assay_cli.docs import pick, rows, text
from assay_cli.errors import ODD_ANSWER, Missing, Refused, Tampered
from assay_cli.names import Ref

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from assay_cli.session import Session

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://assay.example/attestation/vetting/v1"
ASK = "Ask the registry's operator whether its key changed; `skill trust --reset` then accepts the new one."


@dataclass(frozen=True)
class Signed:
    """What the signature vouches for."""

    keyid: str
    statement: dict

    @property
    def verdict(self) -> str:
        return text(self.statement, "predicate", "verdict", default="unknown")

    @property
    def status(self) -> str:
        return text(self.statement, "predicate", "status", default="unknown")

    @property
    def decision(self) -> dict:
        """What a person of the registry's staff decided against or without a verdict, where one did."""
        decided = pick(self.statement, "predicate", "decision", default={})
        return decided if text(decided, "decision") in ("publish", "overturn") else {}


def fingerprint(pem: str) -> str:
    """sha256 of the public key in its standard form: what is pinned, whatever the registry calls the key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = _load(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def pinned_keys(session: "Session") -> dict[str, str]:
    """fingerprint → PEM of the registry's keys, learnt now when it was never met before."""
    known = config.read(config.KNOWN)
    entry = pick(known, session.registry_url, "keys")
    if isinstance(entry, dict) and entry:
        return {key: pem for key, pem in entry.items() if isinstance(pem, str)}
    keys = offered_keys(session)
    pin(session.registry_url, keys)
    session.note(f"first use of {session.registry_url}: pinned its key {', '.join(key[:16] for key in keys)}")
    return keys


def offered_keys(session: "Session") -> dict[str, str]:
    offered = [text(row, "public_pem") for row in rows(session.registry.get("/keys"), "keys")]
    keys = {fingerprint(pem): pem for pem in offered if pem}
    if not keys:
        raise Tampered(
            f"{session.registry_url} offers no key, so nothing from it can be verified.",
            code="integrity.no-key",
            hint=ODD_ANSWER,
        )
    return keys


def pin(url: str, keys: dict[str, str]) -> None:
    with config.changing(config.KNOWN) as known:
        known[url] = {"keys": keys, "pinned_at": datetime.now(UTC).isoformat(timespec="seconds")}


def opened(envelope: dict, keys: dict[str, str]) -> Signed:
    """The statement in the envelope, if one of the keys signed it."""
    from cryptography.exceptions import InvalidSignature

    try:
        payload = base64.b64decode(text(envelope, "payload"), validate=True)
        signatures = [base64.b64decode(text(row, "sig"), validate=True) for row in rows(envelope, "signatures")[:16]]
    except (binascii.Error, ValueError) as error:
        raise Tampered(
            "The attestation is not in its standard form.", code="integrity.attestation", hint=ODD_ANSWER
        ) from error
    kind = text(envelope, "payloadType")
    signed = _pre_authentication(kind, payload)
    for name, pem in keys.items():
        for signature in signatures:
            try:
                _load(pem).verify(signature, signed)
            except InvalidSignature:
                continue
            return Signed(name, _statement(kind, payload))
    raise Tampered("The attestation is not signed with the registry's pinned key.", code="integrity.key", hint=ASK)


def vouched(signed: Signed, ref: Ref, digest: str) -> None:
    """The statement speaks of this very release and these very bytes, and its verdict lets it be installed."""
    subjects = rows(signed.statement, "subject")
    wanted = {"name": str(ref), "digest": digest.removeprefix("sha256:")}
    if not any(
        text(row, "name") == wanted["name"] and text(row, "digest", "sha256") == wanted["digest"] for row in subjects
    ):
        raise Tampered(
            f"The attestation speaks of something else than {ref}.", code="integrity.subject", hint=ODD_ANSWER
        )
    if signed.status != "published" or not (signed.verdict in ("pass", "warn") or signed.decision):
        said = f"status {clean.line(signed.status, 24)}, verdict {clean.line(signed.verdict, 24)}"
        raise Refused(
            f"{ref} was not published: the attestation says {said}.",
            code="refused.verdict",
            hint="Choose another release.",
        )


def fetch(session: "Session", ref: Ref) -> Signed:
    """The signed statement about a release, checked against the pinned keys."""
    from assay_cli.client import release_path

    try:
        envelope = session.registry.get(f"{release_path(ref)}/attestation")
    except Missing as error:
        raise Tampered(f"{ref} has no attestation.", code="integrity.no-attestation", hint=ODD_ANSWER) from error
    return opened(envelope, pinned_keys(session))


def _statement(kind: str, payload: bytes) -> dict:
    try:
        statement = json.loads(payload)
    except (ValueError, RecursionError):
        statement = None
    if (
        kind != PAYLOAD_TYPE
        or text(statement, "_type") != STATEMENT_TYPE
        or text(statement, "predicateType") != PREDICATE_TYPE
    ):
        raise Tampered("The signed document is no vetting attestation.", code="integrity.attestation", hint=ODD_ANSWER)
    return statement


def _pre_authentication(kind: str, payload: bytes) -> bytes:
    """DSSE's encoding of what is signed: type and payload with their lengths, so that neither passes for the other."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def _load(pem: str) -> "Ed25519PublicKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Tampered("A key of the registry cannot be read.", code="integrity.key", hint=ODD_ANSWER) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Tampered("A key of the registry is no Ed25519 key.", code="integrity.key", hint=ODD_ANSWER)
    return key
