"""Under which publisher a skill is pushed when nobody said so."""

from assay_cli.docs import pick, rows, text
from assay_cli.errors import HANDLE_SHAPE, NotAllowed, UsageProblem
from assay_cli.names import HANDLE
from assay_cli.session import Session


def handles(who: dict) -> list[str]:
    """The publishers on whose team the token's user is."""
    return [handle for row in rows(who, "publishers") if HANDLE.fullmatch(handle := text(row, "handle"))]


def owner_of(session: Session, given: str | None) -> str:
    if given:
        owner = given.removeprefix("@")
        if not HANDLE.fullmatch(owner):
            raise UsageProblem(f"{given!r} is no publisher's handle.", hint=HANDLE_SHAPE)
        return owner
    if not session.token:
        raise NotAllowed("Pushing needs a token.", hint="Run `skill login`, or set ASSAY_TOKEN.")
    who = session.registry.get("/whoami")
    limited = pick(who, "token", "publisher")
    if isinstance(limited, str) and HANDLE.fullmatch(limited):
        return limited
    known = handles(who)
    if len(known) == 1:
        return known[0]
    if (user := text(who, "username")) in known:
        return user
    if not known:
        raise NotAllowed("You are on no publisher's team.", hint=f"Make a publisher at {session.registry_url}/account.")
    raise UsageProblem(f"You publish for {', '.join(known)}.", hint="Say which with --owner.")
