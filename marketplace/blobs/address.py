"""S3_URL taken apart: which store, which bucket, below which prefix, and with which key."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

HOW = "s3://bucket/prefix?region=… for AWS, https://key:secret@host:port/bucket/prefix for another store"


@dataclass(frozen=True)
class Address:
    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


def address(url: str) -> Address:
    """Raises ValueError with what is wrong, never with the secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"S3_URL cannot be read; it is {HOW}.") from None
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - {"region"}):
        raise ValueError(f"S3_URL knows the option `region` and not {unknown[0]!r}.")
    if parts.scheme not in ("s3", "http", "https") or not parts.hostname:
        raise ValueError(f"S3_URL begins with s3://, https:// or http:// and a name; it is {HOW}.")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("S3_URL gives a key and a secret as key:secret@, or neither of them.")
    way = unquote(parts.path).strip("/")
    endpoint = ""
    if parts.scheme == "s3":
        bucket, prefix = parts.hostname, way
    else:
        bucket, _, prefix = way.partition("/")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        endpoint = f"{parts.scheme}://{host}:{port}" if port else f"{parts.scheme}://{host}"
    if not bucket:
        raise ValueError(f"S3_URL names no bucket; it is {HOW}.")
    return Address(
        bucket=bucket,
        prefix=f"{prefix.strip('/')}/" if prefix.strip("/") else "",
        endpoint=endpoint,
        region=options.get("region", ""),
        access_key=unquote(parts.username or ""),
        secret_key=unquote(parts.password or ""),
    )
