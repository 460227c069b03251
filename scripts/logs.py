"""`make logs`: the last lines of every log, then what follows."""

import os

from scripts import say
from scripts.places import LOG_DIR, settle_environment
from scripts.say import Stop


def logs() -> int:
    settle_environment()
    files = sorted(map(str, LOG_DIR.glob("*.log")))
    if not files:
        raise Stop(f"There are no logs in {LOG_DIR} yet; start the registry: make up")
    os.execvp("tail", ["tail", "-n", "20", "-F", *files])


if __name__ == "__main__":
    say.main(logs)
