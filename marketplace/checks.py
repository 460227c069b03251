"""What `manage.py check` says of settings that cannot be, before anything is served with them."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host

from marketplace.blobs.address import address


@register()
def blob_store(**_: Any) -> list[CheckMessage]:
    if not settings.S3_URL:
        return []
    try:
        address(settings.S3_URL)
    except ValueError as error:
        return [Error(str(error), hint="See docs/guide/settings.md.", id="assay.E001")]
    if settings.X_ACCEL_PREFIX:
        said = "X_ACCEL_PREFIX is left unused: nginx serves bundles from a disk, and S3_URL keeps them elsewhere."
        return [Warning(said, hint="Unset one of them.", id="assay.W001")]
    return []


@register(Tags.security, deploy=True)
def transport(**_: Any) -> list[CheckMessage]:
    """Whether strangers on the way could listen, and whether the site answers to its own address."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    found: list[CheckMessage] = []
    if not settings.HTTPS and not _is_this_machine(host):
        said = f"Others reach {host} by plain http: whoever is on the way reads passwords and tokens."
        hint = "Put a proxy with TLS in front and give SITE_URL as https://. See docs/guide/operating.md."
        found.append(Warning(said, hint=hint, id="assay.W002"))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        said = f"{host} of SITE_URL is not among ALLOWED_HOSTS, so the site does not answer under its own address."
        found.append(Warning(said, hint="Add it to ALLOWED_HOSTS.", id="assay.W003"))
    return found


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
