"""`make up`: from a fresh clone to a registry that answers and has skills in it. Safe to run again at any time."""

import fcntl
import os
from contextlib import contextmanager
from pathlib import Path

from scripts import engine, environments, images, pids, publish_real, publish_samples, registry, say
from scripts.places import DATA, LOG_DIR, PYTHON, RUN_DIR, settle_environment
from scripts.say import Stop, run, step

SAMPLES = ("all", "own", "none")
PREPARED = RUN_DIR / "prepared"
COLLECTED = RUN_DIR / "collected"


def up() -> int:
    settle_environment()
    if _samples() not in SAMPLES:
        raise Stop(f"SAMPLES must be one of {', '.join(SAMPLES)}; it is {_samples()!r}.")
    with only_one():
        wanted = registry.port()
        now = registry.running()
        if not now or now["port"] != wanted:
            registry.check_port(wanted)
        engine.ensure()
        environments.ensure(dev=False)
        images.ensure()
        url = _start(wanted)
        _publish(wanted)
    _say_how_to_log_in(url)
    return 0


def _start(wanted: int) -> str:
    """Bring the data to this code and start it, unless this very code already runs on this port."""
    mark = registry.fingerprint()
    now = registry.running()
    if now and now["port"] == wanted and now["mark"] == mark and registry.answers(wanted):
        step("Registry: already running")
        return now["url"]
    # What publishes in the background speaks to the old address.
    pids.stop(publish_real.PID, grace=5, group=True)
    if registry.stop():
        step("Registry: stopped, to start again with what has changed")
    _prepare(wanted, mark)
    step("Registry: starting web, worker, beat and Redis")
    registry.start(wanted, mark)
    step("Registry: it answers")
    return registry.running()["url"]


def _samples() -> str:
    return os.environ.get("SAMPLES") or "all"


def _publish(wanted: int) -> None:
    """The samples while the caller watches, the real skills meanwhile in the background."""
    asked = _samples()
    if asked == "all":
        publish_real.start_in_background(wanted)
    if asked != "none":
        publish_samples.publish(wanted)
    if asked == "all":
        publish_real.say_how_it_goes()


def _prepare(wanted: int, mark: str) -> None:
    """Migrate when the code has changed, and collect static files when these have."""
    files = registry.fingerprint(("static", "requirements"))
    if _stamp(PREPARED) == mark:
        return
    step("Registry: preparing database and static files")
    options = ["--no-static"] if _stamp(COLLECTED) == files else []
    run([PYTHON, "manage.py", "prepare", *options], doing="manage.py prepare", env=registry.environment(wanted))
    COLLECTED.write_text(files, encoding="ascii")
    PREPARED.write_text(mark, encoding="ascii")


def _stamp(file: Path) -> str:
    return file.read_text(encoding="ascii") if file.exists() else ""


@contextmanager
def only_one():
    """Two `make` at once in one checkout would trip over each other: the second one waits."""
    # Database and keys are nobody else's business.
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    with open(RUN_DIR / "make.lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step("Waiting for another `make` in this checkout to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say_how_to_log_in(url: str) -> None:
    name, _, password = (DATA / "login").read_text(encoding="ascii").strip().partition(" ")
    print(
        f"\nAssay is running at {url}\n"
        f"  log in    {url}/accounts/login/   user {name}   password {password}   (kept in {DATA / 'login'})\n"
        f"  command   .venv/bin/skill --help\n"
        f"  more      make status · make logs · make down",
        flush=True,
    )


if __name__ == "__main__":
    say.main(up)
