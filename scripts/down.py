"""`make down`: stop what `make up` started, and nothing else."""

from scripts import engine, leftovers, pids, registry, say
from scripts.places import RUN_DIR, settle_environment
from scripts.say import step


def down() -> int:
    settle_environment()
    if pids.stop(RUN_DIR / "real-skills.pid", grace=5, group=True):
        step("Stopped publishing the real skills; the next `make up` goes on with them")
    step("Registry: stopped" if registry.stop() else "Registry: it was not running")
    leftovers.tidy()
    if engine.leave():
        step("Docker: stopped the engine that Assay had started")
    return 0


if __name__ == "__main__":
    say.main(down)
