"""The certificate authority of a deployment's false world. Its key never enters a payload's room."""

import datetime
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_NAME = "trust services root r1"


@dataclass(frozen=True, slots=True)
class Authority:
    """Key and certificate as PEM, and the file name under which OpenSSL looks for it in a folder of certificates."""

    key: str
    certificate: str
    hashed_name: str


@lru_cache(maxsize=1)
def authority() -> Authority:
    """Made once a process: nothing that trusts it outlives a room."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A second run moves the clock: the certificate has to be valid then too.
        .not_valid_before(datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2049, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Authority(pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode(), _hashed_name())


def _usage() -> x509.KeyUsage:
    off = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("encipher_only", "decipher_only"),
        ),
        False,
    )
    return x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **off)


def _hashed_name() -> str:
    """OpenSSL's subject hash of a name with nothing but a lower-case common name."""
    text = _NAME.encode()
    pair = b"\x06\x03\x55\x04\x03\x0c" + bytes([len(text)]) + text
    inner = b"\x30" + bytes([len(pair)]) + pair
    canonical = b"\x31" + bytes([len(inner)]) + inner
    digest = hashlib.sha1(canonical).digest()  # noqa: S324 - OpenSSL's own naming, no security in it
    return f"{int.from_bytes(digest[:4], 'little'):08x}.0"
