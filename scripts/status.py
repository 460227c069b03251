"""`make status`: what runs, how much memory it takes, where it answers. Exit code 1 when the registry is down."""

from scripts import pids, publish_real, registry, say
from scripts.places import RUN_DIR


def status() -> int:
    for name in ("supervisor", *registry.CHILDREN):
        file = RUN_DIR / f"{name}.pid"
        pid = pids.alive(file)
        # The supervisor shares its group with none of its children.
        print(f"{name:<11} " + (f"pid {pid:<8} {registry.memory_of(file) / 2**20:5.0f} MB" if pid else "down"))
    now = registry.running()
    if not now:
        print("The registry is down; start it: make up")
        return 1
    print(f"{'answers' if registry.answers(now['port']) else 'does not answer'} at {now['url']}")
    print(publish_real.how_it_goes())
    return 0


if __name__ == "__main__":
    say.main(status)
