"""`skill org`: organisations, and who is on the team of a publisher."""

from urllib.parse import quote

import click

from assay_cli import clean
from assay_cli.docs import rows, text
from assay_cli.errors import HANDLE_SHAPE, CliError, UsageProblem
from assay_cli.names import HANDLE
from assay_cli.options import verb, verbs
from assay_cli.session import Session

ROLES = click.Choice(["owner", "member"])
PAGES_AT_MOST = 50


@verbs(help="Organisations, and who is on their teams. What changes something needs a token with the scope `admin`.")
def command() -> None:
    pass


def _add(name: str, help: str):
    def add(function):
        made = verb(help=help, name=name)(function)
        command.add_command(made)
        return made

    return add


@_add("create", "Make an organisation that you own.")
@click.argument("handle", metavar="ORG")
@click.option("--name", "shown", metavar="TEXT", default="", help="The name to show.")
def create(session: Session, handle: str, shown: str) -> None:
    body = {"handle": _handle(handle), "kind": "organisation", "display_name": shown}
    answer = session.registry.post("/publishers", body)
    session.data(f"Made {body['handle']}. Publish as it with `skill push PATH --owner {body['handle']}`.")
    session.document("assay.org.create.v1", {"publisher": answer})


@_add("members", "Who is on the team of ORG.")
@click.argument("handle", metavar="ORG")
def members(session: Session, handle: str) -> None:
    found = _all(session, f"{_path(handle)}/members")
    for one in found:
        session.data(f"{_name(one, 'username'):<24} {clean.line(text(one, 'role'), 12)}")
    session.document("assay.org.members.v1", {"org": _handle(handle), "members": found})


@_add("invite", "Ask USERNAME onto the team of ORG.")
@click.argument("handle", metavar="ORG")
@click.argument("username", metavar="USERNAME")
@click.option("--role", type=ROLES, default="member", show_default=True, help="Owners decide who is on the team.")
def invite(session: Session, handle: str, username: str, role: str) -> None:
    answer = session.registry.post(f"{_path(handle)}/invitations", {"username": username, "role": role})
    session.data(f"Asked {clean.line(username, 80)} onto the team of {_handle(handle)} as {_a(role)}.")
    session.document("assay.org.invite.v1", {"invitation": answer})


@_add("invited", "Who was asked onto the team of ORG and has not answered.")
@click.argument("handle", metavar="ORG")
def invited(session: Session, handle: str) -> None:
    _show_invitations(session, _all(session, f"{_path(handle)}/invitations"), "username")


@_add("withdraw", "Withdraw the invitation of USERNAME.")
@click.argument("handle", metavar="ORG")
@click.argument("username", metavar="USERNAME")
def withdraw(session: Session, handle: str, username: str) -> None:
    session.registry.delete(f"{_path(handle)}/invitations/{_part(username)}")
    _done(session, "withdraw", handle, username, f"Withdrew the invitation of {clean.line(username, 80)}.")


@_add("role", "Make USERNAME an owner or a member.")
@click.argument("handle", metavar="ORG")
@click.argument("username", metavar="USERNAME")
@click.argument("role", type=ROLES)
def role(session: Session, handle: str, username: str, role: str) -> None:
    answer = session.registry.put(f"{_path(handle)}/members/{_part(username)}", {"role": role})
    session.data(f"{clean.line(username, 80)} is {_a(role)} of {_handle(handle)} now.")
    session.document("assay.org.role.v1", {"org": _handle(handle), "member": answer})


@_add("remove", "Take USERNAME off the team.")
@click.argument("handle", metavar="ORG")
@click.argument("username", metavar="USERNAME")
def remove(session: Session, handle: str, username: str) -> None:
    session.registry.delete(f"{_path(handle)}/members/{_part(username)}")
    _done(session, "remove", handle, username, f"{clean.line(username, 80)} is off the team of {_handle(handle)}.")


@_add("leave", "Leave the team of ORG.")
@click.argument("handle", metavar="ORG")
def leave(session: Session, handle: str) -> None:
    me = text(session.registry.get("/whoami"), "username")
    if not me:
        raise CliError("The registry does not say who you are.", hint="`skill whoami` shows it.")
    session.registry.delete(f"{_path(handle)}/members/{_part(me)}")
    _done(session, "leave", handle, me, f"You left the team of {_handle(handle)}.")


@_add("invitations", "The teams that you are asked onto.")
def invitations(session: Session) -> None:
    _show_invitations(session, _all(session, "/invitations"), "publisher")


@_add("accept", "Join the team of ORG, which you are asked onto.")
@click.argument("handle", metavar="ORG")
def accept(session: Session, handle: str) -> None:
    answer = session.registry.post(f"/invitations/{_handle(handle)}")
    session.data(f"You are {_a(text(answer, 'role'))} of {_handle(handle)} now.")
    session.document("assay.org.accept.v1", {"org": _handle(handle), "member": answer})


@_add("decline", "Decline the invitation to ORG.")
@click.argument("handle", metavar="ORG")
def decline(session: Session, handle: str) -> None:
    session.registry.delete(f"/invitations/{_handle(handle)}")
    _done(session, "decline", handle, "", f"Declined the invitation to {_handle(handle)}.")


def _show_invitations(session: Session, found: list[dict], who: str) -> None:
    for one in found:
        asked = f"{clean.line(text(one, 'role'), 12):<8} by {_name(one, 'by')}, until {text(one, 'expires_at')[:10]}"
        session.data(f"{_name(one, who):<24} {clean.line(asked, 200)}")
    if not found:
        session.note("No invitation is open.")
    session.document("assay.org.invitations.v1", {"invitations": found})


def _done(session: Session, what: str, handle: str, username: str, said: str) -> None:
    session.data(said)
    session.document(f"assay.org.{what}.v1", {"org": _handle(handle), "username": username})


def _all(session: Session, path: str) -> list[dict]:
    """Every page of a list. The cursor alone is taken from `next`: the address stays ours."""
    from urllib.parse import parse_qs, urlsplit

    found: list[dict] = []
    cursor = ""
    for _ in range(PAGES_AT_MOST):
        answer = session.registry.get(path, limit=100, cursor=cursor)
        found += rows(answer, "results")
        cursor = parse_qs(urlsplit(text(answer, "next")).query).get("cursor", [""])[0]
        if not cursor:
            break
    return found


def _handle(given: str) -> str:
    handle = given.removeprefix("@")
    if not HANDLE.fullmatch(handle):
        raise UsageProblem(f"{given!r} is no publisher's handle.", hint=HANDLE_SHAPE)
    return handle


def _path(given: str) -> str:
    return f"/publishers/{_handle(given)}"


def _part(username: str) -> str:
    if not username or username in (".", ".."):
        raise UsageProblem(f"{username!r} is no username.", hint="`skill org members ORG` lists the names of a team.")
    return quote(username, safe="")


def _name(row: dict, member: str) -> str:
    return clean.line(text(row, member, default="?"), 80)


def _a(role: str) -> str:
    return "an owner" if role == "owner" else "a member"
