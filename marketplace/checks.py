"""What `manage.py check` says of settings that cannot be, before anything is served with them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

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
