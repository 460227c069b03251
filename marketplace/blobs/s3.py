"""Blobs as objects in a bucket of an S3 store, so that web servers and workers on many machines share them.

An object appears when all of it is there; that is S3's own promise. The store is told the sha256 of what it gets and
checks it, and what comes back is hashed once more before its first byte is handed on: it lands in memory, or when it is
large in an unnamed file on disk, so that a damaged bundle is an error and never half a download.
"""

import base64
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.conf import settings
from urllib3.exceptions import HTTPError

from marketplace.blobs.address import Address, address
from vetting.errors import PlatformError

CHUNK = 256 * 1024
IN_MEMORY = 1024 * 1024
_GONE = {"404", "NoSuchKey", "NotFound"}


def put(name: str, data: bytes) -> None:
    client, place = _client(settings.S3_URL, os.getpid())
    key = place.prefix + name
    with _away(name):
        if _size(client, place, key) == len(data):
            return
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        client.put_object(
            Bucket=place.bucket, Key=key, Body=data, ContentType="application/x-tar", ChecksumSHA256=digest
        )


def open(name: str) -> BinaryIO:
    client, place = _client(settings.S3_URL, os.getpid())
    kept: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the reader closes it
    try:
        with _away(name):
            body = client.get_object(Bucket=place.bucket, Key=place.prefix + name)["Body"]
            seen = hashlib.sha256()
            for chunk in body.iter_chunks(CHUNK):
                seen.update(chunk)
                kept.write(chunk)
        if seen.hexdigest() != name.rpartition("/")[2]:
            raise OSError(f"The blob {name} is damaged where it is kept.")
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return kept


def trouble() -> str:
    """Whether the bucket answers, asked once and with little patience."""
    try:
        client, place = _client(settings.S3_URL, os.getpid(), hasty=True)
        with _away("bucket"):
            client.head_bucket(Bucket=place.bucket)
    except (PlatformError, FileNotFoundError) as error:
        return str(error) if isinstance(error, PlatformError) else "There is no such bucket in the S3 store."
    return ""


def _size(client: Any, place: Address, key: str) -> int | None:
    try:
        return client.head_object(Bucket=place.bucket, Key=key)["ContentLength"]
    except ClientError as error:
        if _code(error) in _GONE:
            return None
        raise


@contextmanager
def _away(name: str) -> Iterator[None]:
    """What the store answers, in our words: not there, refused, or away. None of it names a key or a secret."""
    try:
        yield
    except ClientError as error:
        if _code(error) in _GONE:
            raise FileNotFoundError(name) from error
        said = f"The blob store refuses: {_code(error)[:60]}."
        fix = "Check the bucket, the key and the rights that S3_URL names."
        raise PlatformError("blob.store-refuses", said, fix=fix) from error
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        said = f"The blob store does not answer ({type(error).__name__})."
        raise PlatformError("blob.store-away", said, fix="Try again in a while.") from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


@cache
def _client(url: str, process: int, hasty: bool = False) -> tuple[Any, Address]:
    """One client a process: it is safe for threads, and not for being carried over a fork."""
    try:
        place = address(url)
    except ValueError as error:
        raise PlatformError(
            "blob.store-address", str(error), fix="Mend S3_URL; `manage.py check` tells more."
        ) from None
    config = Config(
        connect_timeout=2 if hasty else 5,
        read_timeout=3 if hasty else 30,
        retries={"mode": "standard", "total_max_attempts": 1 if hasty else 3},
        s3={"addressing_style": "path" if place.endpoint else "auto"},
        # Only the checksum that we give: some stores know no other.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    session = boto3.session.Session(
        aws_access_key_id=place.access_key or None,
        aws_secret_access_key=place.secret_key or None,
        region_name=place.region or None,
    )
    region = place.region or session.region_name or "us-east-1"
    return session.client("s3", endpoint_url=place.endpoint or None, region_name=region, config=config), place
