"""Commands that another command carries: what `sh -c` is given, what git, tar, ssh, find, awk or an editor start.

Whoever reads names of commands sees `tar` and `git`; what runs stands in one of their words. Such words are read as
shell again, layer by layer, and stand where the command stands that carries them.
"""

import re
from collections.abc import Iterable, Iterator

from vetting.reading.embedded.data import unscheduled
from vetting.reading.shell import LINKS, SHELLS, Command, commands_of, unquote

DEPTH = 5  # layers of commands in commands
TEXT = 20_000  # characters of a carried text that are parsed
MOST, LETTERS = 2_000, 1_000_000  # carried texts of one skill, and their characters together
_C = re.compile(r"-\w{0,6}c|--command|/[cC]|-Command", re.I)
_SHELL = SHELLS | {"cmd", "powershell", "pwsh"}
# Programs that take a command as the word behind one of these options.
_BEHIND = {
    "su": ("-c", "--command"), "runuser": ("-c", "--command"), "script": ("-c", "-qc", "--command"), "flock": ("-c",),
    "npx": ("-c", "--call"), "npm": ("-c", "--call"), "schtasks": ("/tr", "-tr"), "reg": ("/d", "-d"),
    "wsl": ("-e", "--exec", "-c"), "zip": ("-TT",), "gdb": ("-ex",), "rsync": ("-e", "--rsh"), "systemd-run": ("-c",),
}  # fmt: skip
# Options whose value is a command, whatever program has them.
_OPTION = re.compile(
    r"^(?:--checkpoint-action=exec=|--to-command=|--use-compress-program="
    r"|-?o?\s?(?:Proxy|Local|Remote|KnownHosts)Command[= ]|--rsh=|--exec=|--unzip-command="
    r"|--tool-prefix=)(.{3,})$",
    re.I | re.DOTALL,
)
_GIT_KEY = re.compile(
    r"^(?:alias\.[\w.-]+|core\.(?:pager|editor|sshcommand|fsmonitor|hookspath|askpass)"
    r"|credential\.(?:\S+\.)?helper|filter\.[\w-]+\.(?:clean|smudge|process)|diff\.[\w-]+\.(?:command|textconv)"
    r"|sequence\.editor|pager\.\w+|uploadpack\.packobjectshook)(?:=(.+))?$",
    re.I | re.DOTALL,
)
_EDITORS = frozenset(("vim", "vi", "nvim", "view", "ex", "gvim", "vimdiff"))
_EDITED = re.compile(r"^[:+\s]*(?:silent\s+|sil\s+)?(?:exe\w*\s+[\"'])?!+(.{3,})$", re.DOTALL)
_CALLED = re.compile(
    r"\b(?:system|popen|exec|execSync|spawn|shell_exec|passthru|do\s+shell\s+script)\s{0,3}\(?\s{0,3}"
    r"(?:\"((?:[^\"\\]|\\.){3,})\"|'([^']{3,})')"
)
_PIPED = re.compile(r"\"((?:[^\"\\\n]|\\.){3,}+)\"\s{0,3}\|\s{0,3}getline|\|&?\s{0,3}\"((?:[^\"\\\n]|\\.){2,}+)\"")
_SED = re.compile(r"(?:^|[;{\n]|[\d$/])\s{0,3}e\s{1,3}([^\n]{4,})")
_SAID = frozenset(("echo", "printf"))
_TAKES_TEXT = _SHELL | {"crontab", "at", "batch"}
_HERE = re.compile(r"<<<\s{0,3}(.{3,})$", re.DOTALL)
_ALIAS = re.compile(r"^[\w.:-]{1,60}=(.{3,})$", re.DOTALL)
_LETTERS, _MORE = re.compile(r"[A-Za-z]{2}"), re.compile(r"[\s/|;&$`]")


def opened(commands: Iterable[Command]) -> tuple[list[Command], bool]:
    """All commands that these carry, and those within; and was every one of them opened?"""
    out: list[Command] = []
    level, count, size = list(commands), 0, 0
    for _ in range(DEPTH):
        inner: list[Command] = []
        for command in level:
            for text in carried_by(command):
                count, size = count + 1, size + len(text)
                if count > MOST or size > LETTERS:
                    return out, False
                inner += _placed(text, command)
        out += inner
        level = inner
        if not inner:
            return out, True
    return out, not any(True for command in level for _ in carried_by(command))


def _placed(text: str, carrier: Command) -> list[Command]:
    """The commands of a carried text, where their carrier stands; the first is fed by what feeds the carrier."""
    found = commands_of(text[:TEXT], carrier.line, carrier.file, carrier.origin, carrier.block)
    for number, command in enumerate(found):
        command.line = carrier.line
        command.within = command.within or carrier.name
        command.cut = command.cut or len(text) > TEXT
        if number == 0 and carrier.before:
            _fed(command, carrier)
    if carrier.after and len(carrier.pipeline) + len(found) <= LINKS:
        _feeding(tuple(found), carrier)
    return found


def _fed(command: Command, carrier: Command) -> None:
    links = command.pipeline or (command,)
    pipe = carrier.before + links
    statement = " | ".join([*(one.raw for one in carrier.before), command.statement])
    for place, one in enumerate(links, len(carrier.before)):
        one.pipeline, one.at, one.statement = pipe, place, statement[:6000]


def _feeding(found: tuple[Command, ...], carrier: Command) -> None:
    """What stands behind the carrier in its pipe is fed by what it carries."""
    before, after = (*carrier.before, carrier, *found), carrier.after
    for place, one in enumerate(after, len(before)):
        one.pipeline, one.at = before + after, place


def carried_by(command: Command) -> Iterator[str]:
    """The texts that a command hands to a shell."""
    seen = set()
    for text in _texts(command):
        text = text.strip()
        if text not in seen and _LETTERS.search(text) and _MORE.search(text):
            seen.add(text)
            yield text


def _texts(command: Command) -> Iterator[str]:
    name, argv = command.name.lower(), command.argv
    if name == "eval" or (name in _SHELL and not argv):
        yield from _given(command, name)
    yield from _behind_a_shell(name, argv)
    yield from _behind_options(name, argv)
    if name == "git":
        yield from _of_git(argv)
    elif name in _EDITORS:
        yield from _of_editor(argv)
    elif name in ("awk", "gawk", "mawk", "perl", "ruby", "php", "lua", "osascript", "rscript"):
        yield from _of_script(argv)
    elif name in ("sed", "gsed"):
        yield from (match.group(1) for word in argv for match in _SED.finditer(word[:TEXT]))
    elif name in ("trap", "watch", "parallel", "batch"):
        yield from argv[:1]
    elif name == "alias":
        yield from (match.group(1).strip("'\"") for word in argv if (match := _ALIAS.match(word)))
    elif name in ("sqlite3", "psql", "mysql", "mariadb"):
        yield from _of_database(argv)
    if name in _SAID and command.after:
        yield from _said(command)


def _given(command: Command, name: str) -> Iterator[str]:
    if name == "eval":
        yield " ".join(command.argv)
    for redirect in command.redirects:
        if match := _HERE.search(redirect):
            yield unquote(match.group(1))


def _behind_a_shell(name: str, argv: tuple[str, ...]) -> Iterator[str]:
    """`sh -c TEXT`, wherever in the words it stands: behind docker run, kubectl exec, ssh, find -exec, chroot."""
    words = (name, *argv)
    for at, word in enumerate(words[:-2]):
        base = word.rsplit("/", 1)[-1].rsplit("\\", 1)[-1].lower().removesuffix(".exe")
        if base not in _SHELL:
            continue
        for place in range(at + 1, min(at + 6, len(words) - 1)):
            if _C.fullmatch(words[place]):
                rest = words[place + 1 :]
                # Whoever leaves out the quotes is understood as he meant it.
                yield rest[0] if base in SHELLS and " " in rest[0] else " ".join(rest)
                break
            if not words[place].startswith(("-", "/", "+")) and base in SHELLS:
                break
    if any(base in _SHELL for base in argv):
        return
    if "--" in argv and name in ("kubectl", "lxc", "oc", "systemd-run", "nsenter", "launchctl", "xargs", "incus"):
        yield _joined(argv[argv.index("--") + 1 :])
    for at, word in enumerate(argv):
        if word in ("-exec", "-execdir", "-ok", "-okdir") and name in ("find", "fd"):
            ends = [k for k in range(at + 1, len(argv)) if argv[k] in (";", "+", "\\;")]
            yield _joined(argv[at + 1 : ends[0] if ends else len(argv)])


def _joined(words: Iterable[str]) -> str:
    return " ".join(word if re.fullmatch(r"[\w./:=@%+,~${}*|;&<>-]+", word) else f"'{word}'" for word in words)


def _behind_options(name: str, argv: tuple[str, ...]) -> Iterator[str]:
    for word in argv:
        if match := _OPTION.match(word):
            yield match.group(1).strip("'\"")
    if name in ("tar", "bsdtar"):
        yield from (argv[at + 1] for at, word in enumerate(argv[:-1]) if word == "-I")
    for option in _BEHIND.get(name, ()):
        yield from (argv[at + 1] for at, word in enumerate(argv[:-1]) if word.lower() == option.lower())
    if name == "ssh":
        yield from (word for word in argv[1:] if " " in word and not word.startswith("-"))


def _of_git(argv: tuple[str, ...]) -> Iterator[str]:
    for at, word in enumerate(argv):
        if not (match := _GIT_KEY.match(word)):
            continue
        value = match.group(1) or (argv[at + 1] if at + 1 < len(argv) else "")
        is_alias = word.lower().startswith("alias.")
        if value.startswith("!") or not is_alias:
            yield value.lstrip("!")


def _of_editor(argv: tuple[str, ...]) -> Iterator[str]:
    for word in argv:
        if match := _EDITED.match(word):
            yield match.group(1)
        yield from _calls_in(word)


def _of_script(argv: tuple[str, ...]) -> Iterator[str]:
    for word in argv:
        yield from _calls_in(word)
        if "getline" in word or "print" in word:
            yield from (a or b for a, b in _PIPED.findall(word[:TEXT]))


def _calls_in(word: str) -> Iterator[str]:
    return ((a or b).replace('\\"', '"') for a, b in _CALLED.findall(word[:TEXT]))


def _of_database(argv: tuple[str, ...]) -> Iterator[str]:
    for word in argv:
        if match := re.match(r"\s{0,20}(?:\.(?:shell|system)|\\!)\s{1,5}(.{3,})", word):
            yield match.group(1)
        yield from (m.group(1) for m in re.finditer(r"\bPROGRAM\s{1,5}'([^']{3,})'", word[:TEXT], re.I))


def _said(command: Command) -> Iterator[str]:
    """What echo says to a shell, or to whoever keeps a timetable."""
    taker = command.after[0]
    name = taker.name.lower()
    if name not in _TAKES_TEXT or not (name not in SHELLS or not taker.argv or taker.argv[0] in ("-", "-s")):
        return
    words = [word for word in command.argv if word not in ("-e", "-n", "-en", "-ne", "--")]
    text = " ".join(words).replace("\\n", "\n")
    yield "\n".join(unscheduled(row) for row in text.split("\n")) if name == "crontab" else text
