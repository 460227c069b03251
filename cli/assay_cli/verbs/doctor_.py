"""`skill doctor`: what is wrong with this set-up, and what to do about it."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from assay_cli import __version__, config
from assay_cli.errors import CliError
from assay_cli.options import verb
from assay_cli.session import Session, stop, word

Line = tuple[str, str, str, str]


@verb(help="Look at the command itself, the configuration, the registry and the token.")
def command(session: Session) -> None:
    lines = [line for look in (_command, _configuration, _registry, _token) for line in look(session)]
    for subject, state, said, advice in lines:
        session.data(f"{word(state)}  {subject}: {said}")
        if advice:
            session.data(f"      {advice}")
    found = [dict(zip(("subject", "state", "said", "advice"), line, strict=True)) for line in lines]
    session.document("assay.doctor.v1", {"version": __version__, "lines": found})
    stop(1 if any(state == "high" for _, state, _, _ in lines) else 0)


def _command(_: Session) -> Iterator[Line]:
    """procps brings a `skill` of its own (it sends signals to processes); which one does the shell find?"""
    first = shutil.which("skill")
    ours = Path(sys.argv[0]).resolve().parent
    if first is None:
        yield "command", "warn", "no `skill` is on PATH", f"Add {ours} to PATH, or call `assay-skill`."
    elif is_ours(Path(first)):
        yield "command", "ok", f"`skill` is {first}, version {__version__}", ""
    else:
        said = f"`skill` is {first}, another program (procps has one of this name)"
        yield "command", "warn", said, f"Put {ours} before {Path(first).parent} on PATH, or call `assay-skill`."


def is_ours(path: Path) -> bool:
    """A console script of this package says so in its text; a compiled program does not."""
    try:
        with path.open("rb") as file:
            return b"assay_cli" in file.read(4096)
    except OSError:
        return False


def _configuration(_: Session) -> Iterator[Line]:
    path = config.folder() / config.CREDENTIALS
    if not path.exists():
        yield "configuration", "ok", f"no token is kept in {path.parent}", ""
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        yield "configuration", "high", f"{path} can be read by others ({mode:o})", f"Run `chmod 600 {path}`."
    else:
        yield "configuration", "ok", f"{path} is readable by you alone", ""


def _registry(session: Session) -> Iterator[Line]:
    try:
        keys = session.registry.get("/keys")
    except CliError as error:
        yield "registry", "high", error.message, error.hint
        return
    yield "registry", "ok", f"{session.registry_url} answers", ""
    from assay_cli import trust

    try:
        offered = set(trust.offered_keys(session)) if keys else set()
    except CliError as error:
        yield "key", "high", error.message, error.hint
        return
    pinned = (config.read(config.KNOWN).get(session.registry_url) or {}).get("keys")
    if pinned and not offered & set(pinned):
        yield "key", "high", "the registry offers another key than the one that is pinned", trust.ASK
    else:
        yield "key", "ok", "pinned" if pinned else "not pinned yet; the first install does it", ""


def _token(session: Session) -> Iterator[Line]:
    if not session.token:
        yield "token", "ok", "none; searching and installing need none", ""
        return
    source = "ASSAY_TOKEN" if os.environ.get("ASSAY_TOKEN") else "the configuration"
    try:
        session.registry.get("/whoami")
    except CliError as error:
        yield "token", "high", f"the one from {source} does not work: {error.message}", error.hint
    else:
        yield "token", "ok", f"the one from {source} works", ""
