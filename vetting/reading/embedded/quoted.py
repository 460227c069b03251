"""Commands in the quoted texts of languages that nobody parses here: Terraform, CMake, Bazel, Nix, SQL, settings of git.

All of them start programs, each in words of its own, and in all of them the command is a text in quotes, a text between
the marks of a here-document, or what stands behind a word that only ever starts something.
"""

import re
from collections.abc import Iterator

from vetting.reading.prefilter import guarded

# What a text must name to be worth a look as a command.
ACTS = guarded(
    re.compile(
        r"\b(?:curl|wget|nc|ncat|netcat|socat|scp|rsync|sftp|ssh|crontab|systemctl|launchctl|schtasks|certutil"
        r"|bitsadmin|iwr|irm|iex|openssl|gpg|eval|mkfifo)\b"
        r"|/dev/(?:tcp|udp)/|\brm\s{1,4}-\w{0,4}[rf]|\bdd\s{1,3}if=|\bbase64\s{1,3}-\w"
        r"|\b(?:ba|z|da)?sh\s{1,3}-\w{0,3}c\b|\|\s{0,3}(?:ba|z|da)?sh\b|\bpython3?\s{1,3}-c|\bnode\s{1,3}-e"
        r"|\bpowershell\b|\b(?:npx|uvx|pipx)\s|\bchmod\s"
    )
)
_QUOTED = re.compile(
    r"\"\"\"(?P<a>(?:[^\"]|\"(?!\"\"))*+)\"\"\"|''(?P<b>(?:[^']|'(?!'))*+)''|\"(?P<c>(?:[^\"\\]|\\.)*+)\""
    r"|'(?P<d>[^'\n]*+)'|`(?P<e>[^`\n]*+)`",
    re.DOTALL,
)
_HERE = re.compile(r"<<[-~]?\s{0,2}[\"']?([A-Z_][A-Z_\d]{1,30})[\"']?[ \t]*\n")
# CMake, SQL shells, `!` of git: a line that starts something without any quotes.
_BARE = re.compile(
    r"(?m)^[ \t]{0,40}(?:(?:execute_process|add_custom_command|add_custom_target)\s{0,3}\([^\n]{0,200}?\bCOMMAND"
    r"|COMMAND|\\!|!|[\w.-]{1,40}\s{0,3}=\s{0,3}!|(?:helper|clean|smudge|textconv|sshCommand|fsmonitor|pager"
    r"|editor|program)\s{0,3}=)\s{0,3}([^\n\"']{6,})$"
)

# What CMake fetches and starts, in words of its own.
_DOWNLOADS = re.compile(r"\bDOWNLOAD\s{1,10}[\"']?(https?://[^\s\"')]{4,500})[\"']?\s{1,10}[\"']?([^\s\"')]{1,300})")
_COMMAND = re.compile(r"\bCOMMAND\s{1,10}((?:(?:ba|z)?sh|python3?|cmd|powershell|perl)\s[^\n)]{2,300})")
# The words of a shell that stands elsewhere.
_ARGUMENT = re.compile(r"\A-\w{0,3}c\s{1,3}(['\"])(.*)\1\s{0,3}\Z", re.DOTALL)


def commands_in_quotes(text: str) -> Iterator[tuple[str, int]]:
    """(command, line), for each text that names an act."""
    downloads = "DOWNLOAD" in text
    if not downloads and not ACTS.search(text):
        return
    line = at = 0
    acts = _Acts(text)
    for found, start, end in _found(text):
        if len(found) < 6 or not (
            (acts.may_be_in(start, end) and ACTS.search(found)) or (downloads and text.startswith("COMMAND", start))
        ):
            continue
        line += text.count("\n", at, start)
        at = max(at, start)
        yield _ARGUMENT.sub(r"\2", found.lstrip("! \t\n")), line + 1


class _Acts:
    """Where a text names an act, looked for from its start to its end once."""

    def __init__(self, text: str) -> None:
        self.text, self.next = text, -1

    def may_be_in(self, start: int, end: int) -> bool:
        """May an act be named between these places? They are asked of in the order of their starts.

        What has a backslash or two signs of a dollar in it is read as something else, and is always looked at.
        """
        if self.next < start:
            match = ACTS.search(self.text, start)
            self.next = match.start() if match else len(self.text)
        return self.next < end or self.text.find("\\", start, end) >= 0 or self.text.find("$$", start, end) >= 0


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    out = [(_plain(match), match.start(), match.end()) for match in _QUOTED.finditer(text)]
    # Only what stands in quotes has ends that are no letters; all else is always looked at.
    always = len(text) + 1
    out += [(match.group(1), match.start(), always) for match in _BARE.finditer(text)]
    if "DOWNLOAD" in text:
        out += [(f"curl -o {m.group(2)} {m.group(1)}", m.start(), always) for m in _DOWNLOADS.finditer(text)]
        out += [(match.group(1), match.start(), always) for match in _COMMAND.finditer(text)]
    for match in _HERE.finditer(text) if "<<" in text else ():
        end = text.find(f"{match.group(1)}", match.end())
        if end > 0:
            out.append((text[match.end() : end], match.start(), always))
    return iter(sorted(out, key=lambda one: one[1]))


def _plain(match: re.Match) -> str:
    """What the quotes hold; `$$` of build files and backslashes before quotes are one letter each."""
    held = next(group for group in match.groups() if group is not None)
    if match.lastgroup == "c":
        held = held.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    return held.replace("$$", "$")
