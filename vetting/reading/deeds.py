"""What a shell command does, read from its name and arguments: fetch, save, send, run, delete, write where."""

import re

from vetting.reading.hosts import Address, addresses
from vetting.reading.shell import FETCHERS, INTERPRETERS, SHELLS, Command

_SENDS = re.compile(
    r"(?:^|\s)(?:(?-i:-d|-F|-T)|--data(?:-\w+)?|--form(?:-string)?|--upload-file|--json|--post-(?:data|file)"
    r"|--body-\w+|-Body|-InFile|-X\s?(?:POST|PUT|PATCH)|--request[= ](?:POST|PUT|PATCH)|-Method\s?(?:POST|PUT))\b",
    re.I,
)
# The same letters behind others: curl -sT file.
_SENDS_TOO = re.compile(r"(?:^|\s)-[sSfLkviGq#]{1,6}[dFT]\b")
_SAVED = re.compile(
    r"(?:^|\s)(?:-o|--output|--output-document|-OutFile|-O)[= ]?\s{0,3}[\"']?([^\s\"'-][^\s\"']{0,2000})", re.I
)
# The quoted text that a request carries; an address in it is one of the things that are told, not where they are told.
_BODY = re.compile(
    r"(?:-d|--data(?:-raw|-binary)?|--json|-H|--header)\s{1,4}(?:'[^']{0,20000}'|\"(?:[^\"\\]|\\.){0,20000}\")"
)
REMOTE = frozenset(("ssh", "scp", "rsync", "sftp", "ftp"))
_LOGIN = re.compile(
    r"[\w.$-]{1,64}@((?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,60}[a-z]{2,20}|(?:\d{1,3}\.){3}\d{1,3})(?:$|[:/])", re.I
)
_GAP = re.compile(r"/<[\w -]{2,30}>")
_INSIDE = re.compile(r"(?:\$\(|<\(|`)\s{0,4}(?:sudo\s{1,3})?(?:curl|wget|fetch)\b", re.I)
_SHELL_ADDRESS = re.compile(
    r"(?<![\w/.@-])((?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,60}[a-z]{2,20}"
    r"|(?:\d{1,3}\.){3}\d{1,3})(:\d{1,5})?(/[^\s\"'|;&<>]{0,8000})?",
    re.I,
)


def targets(command: Command) -> list[Address]:
    """The addresses a command names; curl takes one without its scheme too, ssh and its like `user@host`."""
    found = list(addresses(command.raw))
    if len(found) > 1 and is_fetch(command):
        bodies = [m.span() for m in _BODY.finditer(command.raw)]
        outside = [a for a in found if not any(start < a.offset < end for start, end in bodies)]
        found = outside or found
    if not found and command.name.lower() in REMOTE:
        for word in command.argv:
            if m := _LOGIN.match(word):
                found.append(Address("ssh", m.group(1).lower(), "", 0, word))
    if not found and command.name.lower() in FETCHERS:
        for word in command.argv:
            if not word.startswith("-") and (m := _SHELL_ADDRESS.fullmatch(word)):
                found.append(Address("http", m.group(1).lower(), m.group(3) or "", 0, word))
    return found


def is_fetch(command: Command) -> bool:
    return command.name.lower() in FETCHERS


def sends(command: Command) -> bool:
    """Does it carry something out? A body, an upload, or a substitution inside the address."""
    name = command.name.lower()
    if is_fetch(command):
        rest = command.raw
        return bool(_SENDS.search(rest) or (name == "curl" and _SENDS_TOO.search(rest))) or bool(
            re.search(r"https?://[^\s\"']{0,4000}[?&/=](?:\$\(|`|\$\{?[A-Z])", rest)
        )
    if name in ("nc", "ncat", "netcat", "socat", "telnet"):
        if not any(re.search(r"[\w$]", word) for word in command.argv if not word.startswith("-")):
            return False  # Without a host it goes nowhere.
        return bool(command.before) or any(r.lstrip("0123456789").startswith("<") for r in command.redirects)
    if name == "ssh":
        return bool(command.before)  # What the pipe brings goes to the other end.
    if name in REMOTE:
        return bool(re.search(r"\s[\w.@-]{1,400}:\S{0,4000}\s*$", command.raw)) and "github.com" not in command.raw
    return name in ("mail", "sendmail", "mutt", "msmtp", "swaks")


def written_to(command: Command) -> list[str]:
    """Its redirections, without those that are the ends of gaps: `ssh -i <KEY> <USER>@<HOST>`."""
    if "<" not in command.raw or ">" not in command.raw:
        return list(command.redirects)
    return [
        r
        for r in command.redirects
        if not (r.startswith(">") and re.search(r"<[A-Za-z][\w -]{1,30}" + re.escape(r[:30]), command.raw))
    ]


def saved_files(command: Command) -> list[str]:
    """Names of the files a fetch leaves behind."""
    if not is_fetch(command):
        return []
    out = [m.group(1) for m in _SAVED.finditer(command.rest) if not m.group(1).startswith(("http", "/dev/null", "-"))]
    # `<name>/file` in an address is a gap to be filled in, no redirection.
    redirects = [] if _GAP.search(command.raw) else written_to(command)
    out += [
        m.group(1).strip("\"'")
        for r in redirects
        if (m := re.search(r">{1,2}\s{0,3}(\S{1,200})", r)) and "/dev/" not in r
    ]
    remote_name = re.search(r"(?:^|\s)-[a-zA-Z]*O\b|--remote-name", command.rest)
    if command.name == "wget" or remote_name:
        for address in targets(command):
            base = address.path.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
            if base and (remote_name or not out):
                out.append(base)
    return [f.rsplit("/", 1)[-1] for f in out if f]


def runs_stdin(command: Command) -> bool:
    """An interpreter that takes its program from the pipe."""
    name = command.name.lower()
    if name not in INTERPRETERS and not re.fullmatch(r"python3?(?:\.\d+)?", name):
        return False
    if not command.before:
        return False
    args = [a for a in command.argv if a]
    if name in SHELLS:
        return (
            not any(not a.startswith("-") and k == 0 for k, a in enumerate(args))
            or "-s" in args
            or "/dev/stdin" in args
        )
    return not args or args[0] in ("-", "/dev/stdin")


def runs_substituted_fetch(command: Command) -> bool:
    """bash -c "$(curl ...)", eval `curl ...`, source <(curl ...)."""
    name = command.name.lower()
    return (name in INTERPRETERS) and bool(_INSIDE.search(command.raw))


def run_file(command: Command) -> str:
    """The base name of the local file a command runs, "" when it runs none."""
    name = command.name.lower()
    if command.raw.lstrip("\"'").startswith(("./", "/tmp/", "$TMP", "~/", "%TEMP%")):  # noqa: S108
        return command.name
    if (
        name in INTERPRETERS
        or re.fullmatch(r"python3?(?:\.\d+)?", name)
        or name in ("open", "start", "start-process", "msiexec", "installer", "java", "dpkg")
    ):
        for word in command.argv:
            if not word.startswith("-"):
                return word.rsplit("/", 1)[-1]
    if name == "chmod" and any("x" in a or a.isdigit() for a in command.argv[:1]) and len(command.argv) > 1:
        return command.argv[-1].rsplit("/", 1)[-1]
    return ""
