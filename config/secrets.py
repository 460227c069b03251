"""Secrets that the site makes for itself on first start."""

import os
import secrets
from pathlib import Path


def secret_key(path: Path) -> str:
    """The key kept in the file, made (mode 0600) when there is none.

    Two processes may start at once: the one that loses the race to create the file reads the winner's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii")
