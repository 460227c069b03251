"""Uploads, refused as early as their size is known: by the header, else while they are read."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from rest_framework.request import Request

from marketplace.errors import Invalid, TooLarge

# What a multipart form adds around a file.
_FORM_BYTES = 64 * 1024


class QuotaHandler(FileUploadHandler):
    """Counts every byte of every file and stops at the limit; stands before the handlers that keep them."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.MAX_UPLOAD_BYTES:
            raise _too_large()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def read_bundle(request: Request) -> tuple[bytes, str]:
    """The bytes and the file name of the form's `bundle`."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > settings.MAX_UPLOAD_BYTES + _FORM_BYTES:
        raise _too_large()
    plain: Any = request._request
    plain.upload_handlers.insert(0, QuotaHandler(plain))
    file = request.FILES.get("bundle")
    if file is None:
        said = "The form has no file `bundle`."
        raise Invalid("request.no-bundle", said, fix="Send multipart/form-data with a file field named `bundle`.")
    return file.read(), file.name or ""


def _too_large() -> TooLarge:
    limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
    fix = "Leave out what an agent does not need: build output, media, dependencies."
    return TooLarge("upload.too-large", f"An upload has at most {limit} MB.", fix=fix)
