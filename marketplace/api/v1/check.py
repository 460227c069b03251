"""The dry run: what the static stage would say of a bundle. Nothing of it is kept."""

import threading

from django.conf import settings
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import ApiView
from marketplace.api.uploads import read_bundle
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import endpoint, says
from marketplace.errors import Invalid
from marketplace.models import Skill
from vetting import apart, sarif
from vetting.errors import PlatformError

# A check keeps a core busy for about a second: this many at once in one process, and the rest wait a little.
_ROOM = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 15
_NAMES_AT_MOST = 20_000


class Check(ApiView):
    parser_classes = [MultiPartParser]
    throttle_scope = "check"

    @endpoint(
        "check",
        request={"multipart/form-data": serializers.CheckForm},
        answers={200: says(serializers.Report, "The static stage's report; later stages are marked as skipped.")},
        errors=(401, 413, 415, 422, 429, 503),
    )
    def post(self, request: Request) -> Response:
        """Try a bundle against the static stage. A bundle that a push would refuse is refused here just so."""
        data, filename = read_bundle(request)
        if not _ROOM.acquire(timeout=_WAIT_SECONDS):
            raise PlatformError("check.busy", "Too many checks run at this moment.")
        try:
            answer = dry_run(data, filename)
        finally:
            _ROOM.release()
        if request.data.get("sarif") in ("1", "true"):
            answer["sarif"] = sarif.of(answer, home=settings.SITE_URL)
        return Response(answer, headers={"Cache-Control": "no-store"})


def dry_run(data: bytes, filename: str) -> dict:
    """The report of the static stage alone, from a process that ends when its time is up."""
    listed = Skill.objects.filter(rank__isnull=False).order_by("rank").values_list("name", "full_name")
    try:
        return apart.ask(
            data,
            filename=filename,
            names=list(listed[:_NAMES_AT_MOST]),
            seconds=settings.CHECK_SECONDS,
            megabytes=settings.CHECK_MEGABYTES,
        )
    except apart.TooCostly as trouble:
        raise Invalid(
            "check.too-costly",
            f"This bundle cannot be checked while you wait: {trouble}.",
            fix="Push it, where a worker has more time for it, or make it smaller.",
        ) from None
