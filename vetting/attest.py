"""The hallmark: a signed statement that this digest, under these rules, got this verdict.

An in-toto statement in a DSSE envelope, signed with the Ed25519 key of this deployment. The key is made on first use.
"""

import json
import os
import secrets
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from vetting.errors import PlatformError

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
PREDICATE_TYPE = "https://assay.example/attestation/vetting/v1"
KEY_FILE = "attestation.pem"


def hallmark(report: dict, *, report_url: str) -> dict:
    """What the stage keeps: the signed envelope over a report, and the name of the key."""
    subject = f"{report['skill']}@{report['version']}"
    body = statement(subject=subject, digest=report["digest"], report=report, report_url=report_url)
    return {"envelope": sign(body), "keyid": public_keys()[0]["keyid"]}


def statement(
    *, subject: str, digest: str, report: dict, report_url: str = "", concluded_at: datetime | None = None
) -> dict:
    """The in-toto statement for a finished report; subject is owner/name@version."""
    # A person's word beside the verdict: a client may install what was published against it, and knows by whom.
    decided = {"decision": report["decision"]} if report.get("decision") else {}
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": subject, "digest": {"sha256": digest.removeprefix("sha256:")}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "verdict": report["safety"]["verdict"],
            "status": report["status"],
            "ruleset": report["ruleset"],
            "safety": report["safety"]["score"],
            "quality": {"score": report["quality"]["score"], "tier": report["quality"]["tier"]},
            "report_url": report_url,
            "concluded_at": (concluded_at or datetime.now(UTC)).isoformat(),
            **decided,
        },
    }


def sign(payload: dict) -> dict:
    """The DSSE envelope of a statement, checked with the public key before it is handed out."""
    body = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    envelope = Envelope(body, PAYLOAD_TYPE, {})
    envelope.sign(_signer())
    signed = envelope.to_dict()
    verify(signed)
    return signed


def verify(envelope: dict) -> dict:
    """The statement inside an envelope of ours; raises PlatformError where the signature or the form is not ours."""
    try:
        # from_dict rewrites the signatures of what it is given, so it gets a copy.
        parsed = Envelope.from_dict(json.loads(json.dumps(envelope)))
        parsed.verify([_signer().public_key], 1)
        body = json.loads(parsed.payload)
    except (VerificationError, KeyError, TypeError, ValueError) as error:
        raise PlatformError("attest.invalid", f"The attestation does not verify: {error}.") from error
    if parsed.payload_type != PAYLOAD_TYPE or body.get("_type") != STATEMENT_TYPE:
        raise PlatformError("attest.invalid", "The attestation is signed but is no in-toto statement.")
    return body


def public_keys() -> list[dict]:
    """What GET /api/v1/keys answers."""
    key = _signer().public_key
    raw = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))
    pem = raw.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return [{"keyid": key.keyid, "algorithm": "ed25519", "public_pem": pem}]


def _signer() -> CryptoSigner:
    return _signer_of(Path(settings.KEY_DIR) / KEY_FILE)


@lru_cache(maxsize=8)
def _signer_of(path: Path) -> CryptoSigner:
    if not path.exists():
        _make_key(path)
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise PlatformError(
            "attest.key", f"{path} holds no Ed25519 private key.", fix="Restore the key file from a backup."
        )
    public = private.public_key()
    # The key's name can be computed by anyone who holds the public key: the hash of its standard form.
    keyid = sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    return CryptoSigner(private, SSlibKey.from_crypto(public, keyid=keyid))


def _make_key(path: Path) -> None:
    """Make the key file whole and private; of two processes that start at once the loser reads the winner's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
