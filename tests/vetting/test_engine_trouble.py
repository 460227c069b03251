"""The engine in trouble, for real: the run is put back, the release waits, and no skill is judged for it."""

import io
import os
from datetime import timedelta

import pytest
from django.utils import timezone

from sandbox.docker import DockerSandbox
from sandbox.engine import connect
from sandbox.images.recipe import IMAGE
from tests.sandbox.engine_proxy import engine_proxy
from tests.vetting.conftest import small_skill
from vetting import jobs, keeper, report, rooms
from vetting.bundle import Bundle, BundleFile
from vetting.manifest import read_manifest
from vetting.models import Run
from vetting.stages.detonation import detonate

pytestmark = [pytest.mark.docker, pytest.mark.django_db]


@pytest.fixture
def proxy(settings):
    with engine_proxy() as proxy:
        settings.DOCKER_ENDPOINTS = [proxy.endpoint]
        yield proxy
        proxy.rules.clear()
        rooms.reap(everything=True)


FAULTS = {
    "its disk is full": (
        r"POST .*/containers/create",
        (500, {"message": "mkdir /var/lib/docker/overlay2/x: no space left on device"}),
        "disk is full",
    ),
    "it is too old": (
        r"GET /version",
        lambda said: {**said, "ApiVersion": "1.40", "MinAPIVersion": "1.12"},
        "older than",
    ),
    "the image is gone": (r"GET .*/images/", (404, {"message": "No such image: assay-room"}), "images build"),
    "it starts nothing": (r"POST .*/start", (500, {"message": "the engine is shutting down"}), "refused"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_while_the_engine_is_in_trouble_a_release_waits_and_is_vetted_afterwards(what, push, proxy):
    pattern, answer, said = FAULTS[what]
    proxy.answer(pattern, answer)
    release = push(small_skill())
    jobs.attempt(keeper.take())
    run = Run.objects.get()
    release.refresh_from_db()
    assert (run.state, run.crashes, release.status) == ("queued", 0, "vetting")
    assert said in report.of(run)["trouble"], report.of(run)["trouble"]
    proxy.rules.clear()
    Run.objects.update(wait_until=timezone.now() - timedelta(seconds=1))
    jobs.attempt(keeper.take())
    release.refresh_from_db()
    assert release.status == "published"


def test_without_a_false_world_nothing_is_called_clean():
    api, tag = connect(), f"assay-room-test:blind-{os.getpid()}"
    text = f"FROM {IMAGE}\nRUN rm -f /usr/sbin/*tables*\n"
    list(api.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, network_mode="none", decode=True))
    sandbox = DockerSandbox(image=tag, deployment=f"tests-blind-{os.getpid()}")
    skill = b"---\nname: calm\ndescription: Says hello.\n---\n\n```bash\necho hello\n```\n"
    try:
        told = detonate(Bundle((BundleFile("SKILL.md", skill),)), read_manifest(skill)[0], sandbox)
        assert not told.conclusive and "false world" in told.reason and told.posture["false_world"] is False
    finally:
        sandbox.reap(everything=True)
        api.remove_image(tag, force=True)
