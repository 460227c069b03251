"""From `push` to a verdict, over the public API of a whole idle registry, and what its processes weigh."""

import io
import tarfile
import time
from pathlib import Path

import httpx2

from bench.rows import Row
from bench.stack import ROOT, Stack, running
from scripts.registry import memory_of

TIMES = 7
LIMIT = 120
SAMPLES = ROOT / "tests" / "samples" / "calm"


def rows() -> list[Row]:
    with running() as stack:
        token = stack.manage("token", "bench").strip().splitlines()[-1]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=f"http://127.0.0.1:{stack.port}", headers=headers, timeout=30) as client:
            return [*_verdicts(client), *_memory(stack)]


def _verdicts(client: httpx2.Client) -> list[Row]:
    """The smallest sample of all, and the smallest one that has commands to run and tasks to try."""
    folders = sorted((file.parent for file in SAMPLES.glob("*/SKILL.md")), key=_weight)
    with_tasks = next(folder for folder in folders if (folder / "tasks").is_dir())
    made = []
    for what, folder, limit in (("smallest sample", folders[0], 3000), ("smallest with tasks", with_tasks, None)):
        _to_verdict(client, folder, 0)
        taken = [_to_verdict(client, folder, number) for number in range(1, TIMES + 1)]
        row = Row(f"upload to verdict, {what}", "ms", taken, note=f"{folder.name}, one at a time")
        made.append(row.at_most(limit) if limit else row)
    return made


def _weight(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _to_verdict(client: httpx2.Client, folder: Path, number: int) -> float:
    begin = time.perf_counter()
    fields = {"owner": "bench", "version": f"0.0.{number + 1}"}
    made = client.post("/api/v1/releases", data=fields, files={"bundle": ("s.tar.gz", _archive(folder, number))})
    made.raise_for_status()
    path = f"/api/v1/skills/{made.json()['skill']}/releases/{made.json()['version']}/report"
    while (report := client.get(path).json()).get("status") in (None, "vetting"):
        if time.perf_counter() - begin > LIMIT:
            raise RuntimeError(f"no verdict within {LIMIT} s")
        time.sleep(0.02)
    taken = (time.perf_counter() - begin) * 1000
    if report["status"] != "published":
        raise RuntimeError(f"{folder.name} was {report['status']}: {report['safety']}")
    return taken


def _archive(folder: Path, number: int) -> bytes:
    """The folder with one more line in a file of its own, so that no stage's result is known already."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        tar.add(folder, arcname=folder.name)
        data = f"bench {number}\n".encode()
        member = tarfile.TarInfo(f"{folder.name}/bench-note.txt")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _memory(stack: Stack) -> list[Row]:
    """Proportional set size of each process with its helpers, after the work."""
    names = ("web", "worker", "beat", "redis")
    sizes = {name: memory_of(stack.pid_file(name)) / 2**20 for name in names}
    return [Row(f"memory, {name}", "MB", [size], note="proportional, with its helpers") for name, size in sizes.items()]
