"""`python -m sandbox.images build`: make the room's image on an engine."""

import argparse
import sys

from sandbox.errors import RoomError
from sandbox.images.build import build
from sandbox.images.recipe import IMAGE


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.images", description=__doc__)
    parser.add_argument("verb", choices=["build"])
    parser.add_argument("--endpoint", help="a Docker endpoint; the default is DOCKER_HOST, then the local socket")
    parser.add_argument("--image", default=IMAGE)
    parser.add_argument("--force", action="store_true", help="build even when the image is up to date")
    asked = parser.parse_args()
    try:
        build(asked.endpoint, image=asked.image, force=asked.force)
    except RoomError as trouble:
        print(f"assay-room: {trouble.message} {trouble.fix}".strip(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
