"""`manage.py verify`: does every release have its bytes, and does every attestation hold?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace import blobs
from marketplace.models import Release
from vetting import attest
from vetting.errors import PlatformError

SHOWN = 20


class Command(BaseCommand):
    help = "Hold every release against the bytes it names and the signature of its attestation. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-bundles", action="store_true", help="leave out reading the bundles")

    def handle(self, *args: Any, no_bundles: bool, **options: Any) -> None:
        releases = Release.objects.select_related("skill").defer("report", "readme", "document", "files", "manifest")
        number = signed = 0
        troubles: list[str] = []
        read: dict[str, str] = {}
        for release in releases.order_by("pk").iterator(chunk_size=200):
            number, signed = number + 1, signed + bool(release.attestation)
            if not no_bundles and release.digest not in read:
                read[release.digest] = _bytes_trouble(release.digest)
            found = [read.get(release.digest, ""), *_signature_troubles(release)]
            troubles += [f"{release}: {trouble}" for trouble in found if trouble]
        self.stdout.write(f"{number} releases, {len(read)} bundles read, {signed} attestations.")
        if troubles:
            rest = [f"and {len(troubles) - SHOWN} more"] if len(troubles) > SHOWN else []
            raise CommandError("\n".join([f"{len(troubles)} do not hold:", *troubles[:SHOWN], *rest]))
        self.stdout.write("All of them hold.")


def _bytes_trouble(digest: str) -> str:
    try:
        blobs.read(digest)
    except FileNotFoundError:
        return "its bundle is not there"
    except (OSError, PlatformError) as error:
        return str(error)
    return ""


def _signature_troubles(release: Release) -> Iterator[str]:
    """What the signed statement says has to be this release; a release that is being vetted has none yet."""
    if not release.attestation:
        if release.status == Release.Status.PUBLISHED:
            yield "it is published without an attestation"
        return
    try:
        statement = attest.verify(release.attestation)
    except PlatformError as error:
        yield error.message
        return
    (subject,) = statement["subject"]
    if subject["digest"]["sha256"] != release.digest.removeprefix("sha256:") or subject["name"] != str(release):
        yield "its attestation speaks of another release"
