"""Under which publisher a skill is pushed when nobody said so."""

from assay_cli.docs import pick
from assay_cli.errors import NotAllowed, UsageProblem
from assay_cli.names import HANDLE
from assay_cli.session import Session


def handles(who: dict) -> list[str]:
    """The publishers that whoami names, whether as handles or as documents with one."""
    named = pick(who, "publishers", default=[])
    found = (
        [pick(one, "handle") if isinstance(one, dict) else one for one in named if named]
        if isinstance(named, list)
        else []
    )
    return [one for one in found if isinstance(one, str) and HANDLE.fullmatch(one)]


def owner_of(session: Session, given: str | None) -> str:
    if given:
        owner = given.removeprefix("@")
        if not HANDLE.fullmatch(owner):
            raise UsageProblem(f"{given!r} is no publisher's handle.")
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
    user = who.get("user")
    if user in known:
        return user
    if not known:
        raise NotAllowed("You are on no publisher's team.", hint=f"Make a publisher at {session.registry_url}/account.")
    raise UsageProblem(f"You publish for {', '.join(known)}.", hint="Say which with --owner.")
