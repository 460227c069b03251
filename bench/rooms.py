"""What a sealed room costs: from nothing to the end of a command that does nothing."""

from bench.rows import Row, timed
from sandbox.base import Job
from sandbox.docker import DockerSandbox

TIMES = 20
# Thousands of opens and reads: far more than a small script does.
BUSY = "for i in $(seq 3000); do read line < /etc/passwd; done"


def rows() -> list[Row]:
    room = DockerSandbox(deployment="bench")
    try:
        return [*_start(room), *_tracing(room), _plain_container(room)]
    finally:
        room.reap(everything=True)


def _start(room: DockerSandbox) -> list[Row]:
    job = Job(command=["/bin/true"], traced=False)
    return [Row("sandbox, start to end of `true`", "ms", timed(lambda: room.run(job), TIMES)).at_most(200)]


def _tracing(room: DockerSandbox) -> list[Row]:
    """What the witness costs a payload that does little else than open files."""

    def inside(traced: bool) -> list[float]:
        job = Job(command=["/bin/bash", "-c", BUSY], traced=traced)
        return [room.run(job).seconds * 1000 for _ in range(TIMES // 2)]

    untraced = Row("3,000 opens in a room, untraced", "ms", inside(False))
    return [untraced, Row("3,000 opens in a room, traced", "ms", inside(True)).against(untraced)]


def _plain_container(room: DockerSandbox) -> Row:
    """The engine's own cost with no walls at all, as the measure of ours."""

    def run() -> None:
        made = room.api.create_container(room.image, ["/bin/true"], network_disabled=True, labels={"assay.room": "1"})
        try:
            room.api.start(made["Id"])
            room.api.wait(made["Id"])
        finally:
            room.api.remove_container(made["Id"], force=True)

    return Row("plain container, network none, `true`", "ms", timed(run, TIMES))
