"""A pushed release is compared with the one published before it, and nobody waits for that."""

import pytest

from tests.vetting.test_drift import SENDS, TEXT
from vetting import keeper, pipeline
from vetting.models import Run


def vet_next() -> None:
    """What a worker does, without a room."""
    run = keeper.take()
    run.static_only = True
    pipeline.vet(run, lambda: pytest.fail("no room is needed"))


def test_a_run_compares_with_the_newest_published_release(publish, push, client):
    publish("notes", version="0.9.0", body="# Old")
    publish("notes", version="1.0.0", body=TEXT)
    publish("notes", version="1.0.1", body="# Refused", verdict="block")
    release = push("notes", version="1.0.2", body=TEXT, files={"n.py": SENDS})
    vet_next()
    release.refresh_from_db()
    assert release.report["drift"]["from"]["version"] == "1.0.0"
    assert [one["code"] for one in release.report["findings"] if one["check"] == "drift"] == ["SK-DRIFT"]
    assert Run.objects.get(release=release).stages.get(name="score").detail["drift"]["risky"] is True


def test_a_first_release_and_a_lost_predecessor_keep_nobody_waiting(push, publish):
    from marketplace import blobs

    first = push("alone")
    vet_next()
    first.refresh_from_db()
    assert first.report["drift"] == {}
    before = publish("notes", version="1.0.0", body=TEXT)
    blobs.path(before.digest).unlink()
    release = push("notes", version="1.0.1", body="# Other")
    vet_next()
    release.refresh_from_db()
    assert "cannot be read" in release.report["drift"]["failed"]
    assert release.verdict == "pass"
