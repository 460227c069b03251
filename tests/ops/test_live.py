"""The whole registry as processes: whichever of them is killed, it comes back, and no release is lost."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from bench.stack import running
from scripts import pids

pytestmark = [pytest.mark.live, pytest.mark.docker]
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "samples" / "calm" / "csv-totals"
CHILDREN = ("redis", "worker", "beat", "web")
LIMIT = 240


class Registry:
    """A running registry with Alice's token."""

    def __init__(self, stack):
        self.stack = stack
        self.url = f"http://127.0.0.1:{stack.port}"
        self.token = stack.manage("token", "alice").strip()

    def pid(self, name: str) -> int | None:
        return pids.alive(self.stack.pid_file(name))

    def health(self) -> dict:
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=10).json()
        except httpx2.HTTPError:
            return {}

    def push(self, folder: Path) -> tuple[str, str]:
        """Send the folder with the real command, and say which release it became."""
        env = {**os.environ, "ASSAY_URL": self.url, "ASSAY_TOKEN": self.token}
        command = [str(Path(sys.executable).parent / "skill"), "push", str(folder), "--owner", "alice", "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        answer = httpx2.Response(200, text=done.stdout).json()
        return answer["skill"], answer["version"]

    def report(self, skill: str, version: str) -> dict:
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"{self.url}/api/v1/skills/{skill}/releases/{version}/report"
        try:
            return httpx2.get(path, headers=headers, timeout=10).json()
        except (httpx2.HTTPError, ValueError):
            return {}


def until(holds, limit: float = LIMIT):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.2)
    raise AssertionError(f"not within {limit} s: {holds}")


@pytest.fixture(scope="module")
def registry():
    with running() as stack:
        yield Registry(stack)


@pytest.fixture
def own_sample(tmp_path, request):
    """A copy of the sample that no other test has sent."""
    folder = tmp_path / SAMPLE.name
    for file in SAMPLE.rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(SAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            target.chmod(file.stat().st_mode)
    manifest = folder / "SKILL.md"
    name = "csv-" + "".join(letter for letter in request.node.name.lower() if letter.isalnum())[-40:]
    manifest.write_text(manifest.read_text().replace(f"name: {SAMPLE.name}", f"name: {name}", 1))
    return folder.rename(folder.with_name(name))


@pytest.mark.parametrize("name", CHILDREN)
def test_a_process_killed_outright_comes_back_and_the_registry_is_well_again(registry, name):
    until(lambda: registry.health().get("status") == "ok")
    before = registry.pid(name)
    os.kill(before, signal.SIGKILL)
    until(lambda: registry.pid(name) not in (None, before))
    until(lambda: registry.health().get("status") == "ok")


@pytest.mark.parametrize("name", CHILDREN)
def test_a_release_reaches_its_verdict_though_a_process_is_killed_while_it_is_vetted(registry, own_sample, name):
    until(lambda: registry.health().get("status") == "ok")
    skill, version = registry.push(own_sample)
    until(lambda: registry.report(skill, version).get("stages"))
    os.kill(registry.pid(name), signal.SIGKILL)
    report = until(lambda: (found := registry.report(skill, version)).get("status") != "vetting" and found)
    assert report["status"] == "published", report["safety"]
    names = [stage["name"] for stage in report["stages"]]
    assert len(names) == len(set(names)), "each stage is there once"
