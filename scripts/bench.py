"""`make bench`: set up, then measure (ONLY="rooms serving" for some of it)."""

import os
import subprocess

from scripts import engine, environments, images, registry, say
from scripts.places import DATA, PYTHON, ROOT, settle_environment
from scripts.up import only_one


def bench(*module: str) -> int:
    """Run a measuring module of this project, the whole bench where none is named, with all it needs in place."""
    settle_environment()
    with only_one():
        engine.ensure()
        environments.ensure(dev=False)
        images.ensure()
    env = {**os.environ, "ASSAY_DATA": str(DATA)}
    command = [PYTHON, "-m", *(module or ("bench",))]
    code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    if not registry.running():
        engine.leave()
    return code


if __name__ == "__main__":
    say.main(bench)
