"""The database as one file, taken while the registry runs, and put back: SQLite's own copy, or PostgreSQL's dump."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"
NAMES = {"sqlite": SQLITE, "postgresql": POSTGRES}


class CopyError(Exception):
    """The database could not be copied or put back, in the words of its own program."""


def take(folder: Path) -> tuple[str, Path]:
    """A copy that holds one moment, whatever is written meanwhile: (kind, file)."""
    kind = connection.vendor
    copy = folder / NAMES[kind]
    if kind == "sqlite":
        with closing(sqlite3.connect(_sqlite_file())) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={copy}")
    return kind, copy


def is_empty() -> bool:
    """Whether there is nothing that putting a copy back would destroy."""
    if connection.vendor == "sqlite":
        return not _sqlite_file().exists()
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def put_back(copy: Path) -> None:
    """Make the database what the copy holds: all of it, or on an error what it was before."""
    connection.close()
    if connection.vendor != "sqlite":
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(copy))
        return
    with closing(sqlite3.connect(copy)) as database:
        told = database.execute("PRAGMA quick_check").fetchone()[0]
    if told != "ok":
        raise CopyError(f"The database in the backup is damaged: {told}.")
    place = _sqlite_file()
    for leftover in ("-wal", "-shm"):
        place.with_name(place.name + leftover).unlink(missing_ok=True)
    os.chmod(copy, 0o600)
    os.replace(copy, place)


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _run(program: str, *words: str) -> None:
    """One of PostgreSQL's programs on our database; the password goes by the environment, where no list shows it."""
    said = connection.settings_dict
    known = {"PGHOST": said["HOST"], "PGPORT": said["PORT"], "PGUSER": said["USER"], "PGPASSWORD": said["PASSWORD"]}
    environment = os.environ | {key: str(value) for key, value in known.items() if value}
    command = [_found(program), f"--dbname={said['NAME']}", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CopyError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _found(program: str) -> str:
    """On PATH, or the newest of those that Debian keeps apart by version."""
    if there := shutil.which(program):
        return there
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    if not kept:
        raise CopyError(f"There is no {program} here: install PostgreSQL's client programs (postgresql-client).")
    return str(kept[-1])
