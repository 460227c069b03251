"""`python -m sandbox.tidy`: remove every room on the engine whose maker is gone from this machine, of any deployment.

A test run that was killed leaves rooms of a deployment that never comes back; nobody else would ever remove them. What
another machine made, or a process that still lives, is left alone.
"""

import argparse
import sys

import docker

from sandbox import makers
from sandbox.engine import connect, translated
from sandbox.errors import RoomError


def tidy(api: docker.APIClient) -> int:
    """How many rooms were removed."""
    removed = 0
    with translated():
        for container in api.containers(all=True, filters={"label": ["assay.room=1", makers.LABEL]}):
            if makers.is_gone(container["Labels"][makers.LABEL]):
                try:
                    api.remove_container(container["Id"], force=True, v=True)
                    removed += 1
                except docker.errors.APIError as trouble:
                    if trouble.status_code not in (404, 409):
                        raise
    return removed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.tidy", description=__doc__)
    parser.add_argument("--endpoint", help="a Docker endpoint; the default is DOCKER_HOST, then the local socket")
    try:
        removed = tidy(connect(parser.parse_args().endpoint, timeout=20))
    except RoomError as trouble:
        print(f"assay-room: {trouble.message} {trouble.fix}".strip(), file=sys.stderr)
        return 1
    if removed:
        print(f"assay-room: removed {removed} rooms whose makers are gone", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
