"""What is in the room's image, and the hash that says whether an image is that recipe's."""

import hashlib
from pathlib import Path

SUITE = "bookworm"
PULLED_BASE = f"debian:{SUITE}-slim"
RECIPE_LABEL, HOME_LABEL = "assay.recipe", "assay.home"

# A payload that misses a tool fails before it shows what it wanted, so the room is furnished like a developer's
# machine. The last line serves our own witness and the false world outside.
PACKAGES = (
    *("bash", "ca-certificates", "procps", "file", "less", "tree", "bc", "make", "patch", "bsdextrautils"),
    *("curl", "wget", "openssl", "netcat-openbsd", "openssh-client", "git", "rsync"),
    *("python3", "python-is-python3", "python3-pip", "python3-venv", "python3-yaml", "python3-requests"),
    *("nodejs", "npm", "perl", "jq", "ripgrep", "sqlite3"),
    *("zip", "unzip", "bzip2", "xz-utils", "xxd", "gzip"),
    *("strace", "libfaketime", "iptables", "iproute2", "python3-cryptography", "util-linux", "tcc"),
)

ROOM_FILES = Path(__file__).parent / "room"

SETUP = r"""
groupadd -g 10001 agent && useradd -u 10001 -g agent -d /home/agent -s /bin/bash -M agent
groupadd -g 10002 dev && useradd -u 10002 -g dev -d /home/dev -s /bin/bash -M dev
ln -s "$(dpkg -L libfaketime | grep 'libfaketime.so.1$')" /usr/local/lib/room-clock.so
mkdir -p /workspace /home/agent /home/dev /skill /tests /logs /solution /run/room
chmod 700 /run/room
rm -f /usr/lib/python3*/EXTERNALLY-MANAGED
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/info/* /usr/share/locale/* /var/lib/apt/lists/* /var/cache/apt/*
"""

# What is preloaded, and the files that each is made of.
_PRELOADED = {"plain": "plain.c", "warp": "warp.c", "witness": "witness_*.c"}
SHIM = " && ".join(f"tcc -shared -nostdlib -o /usr/local/lib/room-{name}.so {of}" for name, of in _PRELOADED.items())
# The room's programs are compiled here once, not at each start: the root of a room is read-only.
COMPILED = "python3 -m compileall -q . && python3 -m compileall -q -b guard.py sink.py"
STAND_INS = "chmod 755 bin/* && ln -s /usr/local/lib/room/bin/* /usr/local/bin/"


def dockerfile(*, base: str, apt: bool) -> str:
    """The last layers; apt says that the base is a bare Debian whose packages are still to come."""
    lines = [f"FROM {base}"]
    if apt:
        wanted = " ".join(PACKAGES)
        lines.append(
            "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends " + wanted
        )
    steps = " && ".join(line for line in SETUP.strip().splitlines())
    lines.append(f"RUN {steps}")
    lines.append("COPY room/ /usr/local/lib/room/")
    lines.append(f"RUN cd /usr/local/lib/room && {SHIM} && {COMPILED} && {STAND_INS} && chmod -R a+rX .")
    return "\n".join(lines) + "\n"


def home() -> str:
    """Marks the images of this checkout, so that another one beside it on the engine keeps its own."""
    return hashlib.sha256(str(ROOM_FILES.resolve()).encode()).hexdigest()[:16]


def base_hash() -> str:
    return hashlib.sha256("\n".join((SUITE, *PACKAGES)).encode()).hexdigest()[:16]


def recipe_hash() -> str:
    """Changes with every package, setup line and file of the room."""
    digest = hashlib.sha256((base_hash() + dockerfile(base="", apt=False)).encode())
    for path in sorted(ROOM_FILES.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOM_FILES)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


# Named after its recipe, so that two checkouts side by side on one engine do not take each other's image away.
IMAGE = f"assay-room:{recipe_hash()}"
