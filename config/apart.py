"""`python -m config.apart SECONDS MEGABYTES`: the static stage of one bundle in a process of its own, without the site.

Reads what `vetting.apart.ask` writes: a line of JSON, then the bundle. Answers with one JSON document: {"report"},
{"refused"} where the bundle is at fault, or {"limit"} where it needed more memory than it may have.
"""

import json
import logging
import resource
import signal
import sys
from pathlib import Path
from types import FrameType


def main(seconds: float, megabytes: int) -> int:
    signal.signal(signal.SIGTERM, _end)
    at_most(resource.RLIMIT_CPU, int(seconds) + 1)
    at_most(resource.RLIMIT_CORE, 0)
    load()
    # What our own programs take is not the bundle's doing.
    at_most(resource.RLIMIT_AS, _size() + (megabytes << 20))
    head = json.loads(sys.stdin.buffer.readline())
    try:
        answer = read(sys.stdin.buffer.read(), head)
    except MemoryError:
        answer = {"limit": "memory"}
    json.dump(answer, sys.stdout)
    sys.stdout.flush()
    return 0


def at_most(what: int, most: int) -> None:
    """Only the soft limit: the tools that are started from here set limits of their own."""
    resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def _size() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def load() -> None:
    from config import settings, vet
    from vetting import patterns, site

    site.use(settings)
    logging.basicConfig(level=settings.LOGGING["root"]["level"])
    with patterns.kept_between_starts():
        vet.load(few=True)


def read(data: bytes, head: dict) -> dict:
    from vetting import apart
    from vetting.errors import SkillError

    try:
        return {"report": apart.report_of(data, head["filename"], head["names"])}
    except SkillError as error:
        told = ("code", "message", "fix", "file", "line")
        return {"refused": {name: getattr(error, name) for name in told}}


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
