"""The cast of the vetting tests: Alice and Bob publish, Mallory uploads hostile things. Nothing here is pretended."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

SKILL_MD = """---
name: {name}
description: Counts the words of a text file and writes the number. Use when someone asks how long a text is.
license: Apache-2.0
---
# Count words

1. Run the command in the folder of the text:

```bash
{command}
```
"""


def archive(files: dict[str, bytes]) -> bytes:
    """A tar of the files, as an author would send it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o755 if path.endswith(".sh") else 0o644
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def small_skill(name: str = "count-words", command: str = "wc -w *.txt > words.txt") -> bytes:
    return archive({"SKILL.md": SKILL_MD.format(name=name, command=command).encode()})


def sample(path: str) -> bytes:
    """A sample skill of ours as an archive, by its path under tests/samples."""
    root = SAMPLES / path
    return archive({file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()})


@pytest.fixture
def stores(settings, tmp_path):
    """Blobs and keys of this test alone."""
    settings.BLOB_DIR, settings.KEY_DIR = tmp_path / "blobs", tmp_path / "keys"
    return settings


@pytest.fixture
def push(stores) -> Callable:
    """Push as somebody, through the service that every door uses; the cast is made on first appearance."""
    from django.contrib.auth import get_user_model

    from marketplace.models import Membership, Publisher
    from marketplace.services import release_push

    def push(data: bytes, who: str = "alice", version: str = ""):
        actor, _ = get_user_model().objects.get_or_create(username=who)
        publisher, _ = Publisher.objects.get_or_create(handle=who, defaults={"display_name": who.title()})
        Membership.objects.get_or_create(publisher=publisher, user=actor, defaults={"role": "owner"})
        return release_push(actor=actor, publisher=publisher, data=data, version=version)[0]

    return push
