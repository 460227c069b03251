"""Code that stands inside other texts: commands in the values of data files, and files that a script writes out.

Both are read line by line, in one pass, so that a file no parser of its own format would take still gives what it holds.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vetting.reading.embedded.handed import in_fields
from vetting.reading.embedded.quoted import commands_in_quotes
from vetting.reading.sources import language

# Keys whose value somebody hands to a shell: of workflows, pipelines, containers, playbooks, editors and packages.
_KEYS = (
    r"(?:run|script|scripts|before_script|after_script|command|commands|cmd|cmds|entry|entrypoint|args|shell|exec"
    r"|runcmd|bootcmd|test|raw|ansible\.builtin\.(?:shell|command|raw)"
    r"|postCreateCommand|postStartCommand|postAttachCommand|onCreateCommand|updateContentCommand"
    r"|initializeCommand|preLaunchTask|pre_build|post_build|install|prepare|before_install|after_success"
    r"|preinstall|postinstall|prepublish|onCreate|setup|postInstall|preInstall|start|build|deploy|hook|hooks"
    r"|on_start|on_stop|healthcheck|livenessProbe|preStop|postStart)"
)
_KEY = re.compile(rf"^([ \t]*+)((?:-[ \t]+)?)[\"']?({_KEYS})[\"']?[ \t]*+:[ \t]*+(.*)$")
_ITEM = re.compile(r"^([ \t]*+)-[ \t]+(.*)$")
_WORD = re.compile(r"\"((?:[^\"\\\n]|\\.)*+)\"|'([^'\n]*+)'|([^\s,\[\]\"'][^,\[\]\n]*+)")
_JSON = re.compile(
    rf"\"({_KEYS})\"\s{{0,40}}:\s{{0,40}}(?:\"((?:[^\"\\\n]|\\.)*+)\""
    rf"|(\[(?:\s*+\"(?:[^\"\\\n]|\\.)*+\"\s*+,?)*+\s*+\]"
    rf"|\{{(?:\s*+\"[^\"\n]*+\"\s*+:\s*+\"(?:[^\"\\\n]|\\.)*+\"\s*+,?)*+\s*+\}}))"
)
_PAIRED = re.compile(r"\"[^\"\n]*+\"\s*+:\s*+\"((?:[^\"\\\n]|\\.)*+)\"")
_SHELLS = re.compile(r"^(?:\S*/)?(?:ba|z|da|k)?sh$|^(?:powershell|pwsh|cmd)(?:\.exe)?$|^CMD-SHELL$", re.I)
_SECTION = re.compile(r"^\s{0,20}\[{1,2}([\w.\"' -]{1,80})\]{1,2}")
_TASKS = re.compile(
    r"(?:^|[.\"'])(?:tasks?|scripts?|hooks?|run|commands?|aliases|env|bin|target|package\.metadata)\b", re.I
)
_PAIR = re.compile(
    r"^\s{0,20}[\w.\"'-]{1,60}\s{0,4}=\s{0,4}(?:\{[^}\n]{0,80}?(?:cmd|shell|script"
    r"|command)\s{0,3}=\s{0,3})?(\"{1,3}|'{1,3})(.*)$"
)
_STARTS = re.compile(
    r"^\s{0,20}(?:(?:Exec\w{0,12}|TryExec)\s{0,3}=|(?:Proxy|Local|KnownHosts)Command\s"
    r"|Match\s[^\n]{0,80}\bexec\s)\s{0,3}[-+@!:]{0,3}(.*)$"
)
_CRON = re.compile(
    r"^\s{0,8}(?:@(?:reboot|hourly|daily|weekly|monthly|midnight|annually|yearly)"
    r"|[\d*/,-]{1,20}(?:\s{1,8}[\w*/,-]{1,20}){4})\s{1,8}(.*)$"
)
_PLIST = re.compile(r"<string>([^<]++)</string>")
_PROC = re.compile(r"^[\w-]{1,30}:\s{1,8}(\S.*)$")
# What does nothing by itself need not be parsed.
_DOES = re.compile(
    r"[|;&`]|\$[({]|\b(?:curl|wget|iwr|irm|nc|ncat|socat|(?:ba|z|da)?sh|python3?|node|deno|bun|ruby|perl|php|ssh"
    r"|scp|sftp|rsync|git|docker|podman|kubectl|helm|rm|dd|chmod|chown|crontab|systemctl|launchctl|base64|openssl"
    r"|env|printenv|cat|tee|tar|zip|eval|source|npm|npx|pnpm|yarn|pip3?|pipx|uvx?|brew|go|cargo|gem|apt(?:-get)?"
    r"|yum|dnf|apk|sudo|su|nsenter|mount|useradd|powershell|pwsh|claude|codex|gh|aws|gcloud|az)\b"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of code inside a text: in what language, where it begins, and under which key or into which file it goes."""

    text: str
    lang: str
    line: int
    where: str = ""


def commands_in(text: str, lang: str, path: str = "") -> list[Piece]:
    """What a data file hands to a shell."""
    found = [piece for piece in _handed(text, lang, path) if _DOES.search(piece.text)]
    if lang in ("json", "yaml", "toml") or text.lstrip()[:1] == "{":
        known = {piece.text.strip() for piece in found}
        more = in_fields(text, lang if lang in ("yaml", "toml") else "json")
        found += [Piece(words, "shell", line, key) for words, line, key in more if words.strip() not in known]
    return found


def _handed(text: str, lang: str, path: str) -> list[Piece]:
    base = path.rsplit("/", 1)[-1].lower()
    if lang == "json" or (text.lstrip()[:1] == "{" and lang != "other"):
        return list(_of_json(text))
    if lang == "toml":
        return list(_of_toml(text))
    if base == "procfile":
        return [Piece(m.group(1), "shell", n) for n, row in enumerate(text.split("\n"), 1) if (m := _PROC.match(row))]
    if lang == "yaml":
        return list(_of_yaml(text.split("\n")))
    out = list(_of_units(text)) if "Exec" in text or "* *" in text or "@reboot" in text or "Command" in text else []
    out += list(_of_plist(text)) if "ProgramArguments" in text else []
    if lang == "other":
        out += list(_of_json(text)) if text.lstrip()[:1] == "{" else []
        out += [Piece(command, "shell", line, "quoted") for command, line in commands_in_quotes(text)]
    return out


def _command_of(words: Sequence[str]) -> str:
    """The text that a list of words gives a shell; a shell among them is passed its script."""
    words = [word for word in words if word]
    if len(words) > 1 and re.fullmatch(r"-[a-z]{0,3}c", words[0]):
        return words[1]
    if words and _SHELLS.match(words[0]):
        rest = [word for word in words[1:] if not re.fullmatch(r"-\w{1,3}|/[cC]|-Command", word)]
        return rest[0] if rest and (len(rest) < len(words) - 1 or words[0] == "CMD-SHELL") else " ".join(words)
    return " ".join(
        word if re.fullmatch(r"[\w./:=@%+,~$-]+", word) or len(words) == 1 else f'"{word}"' for word in words
    )


def _words(flow: str) -> list[str]:
    return [_plain(a) if a else b or c.strip() for a, b, c in _WORD.findall(flow)]


def _plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\/", "/").replace("\\\\", "\\")


def _of_json(text: str) -> Iterator[Piece]:
    line = at = 0
    for match in _JSON.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        key, plain, listed = match.groups()
        if plain is not None:
            yield Piece(_plain(plain), "shell", line + 1, key)
        elif listed.startswith("["):
            yield Piece(_command_of(_words(listed)), "shell", line + 1, key)
        else:
            for words in _PAIRED.findall(listed):
                yield Piece(_plain(words), "shell", line + 1, key)


def _of_toml(text: str) -> Iterator[Piece]:
    tasks = False
    for number, row in enumerate(text.split("\n"), 1):
        if match := _SECTION.match(row):
            tasks = bool(_TASKS.search(match.group(1)))
        elif match := _PAIR.match(row) if tasks else None:
            mark, rest = match.groups()
            yield Piece(_plain(rest.partition(mark)[0]), "shell", number)


def _of_units(text: str) -> Iterator[Piece]:
    for number, row in enumerate(text.split("\n"), 1):
        if match := _STARTS.match(row) or _CRON.match(row):
            yield Piece(match.group(1), "shell", number, "unit")


def _of_plist(text: str) -> Iterator[Piece]:
    start = text.find("ProgramArguments")
    end = text.find("</array>", start)
    if 0 <= start < end:
        words = [
            word.replace("&amp;", "&").replace("&gt;", ">").replace("&lt;", "<")
            for word in _PLIST.findall(text[start:end])
        ]
        yield Piece(_command_of(words), "shell", text.count("\n", 0, start) + 1, "unit")


def _of_yaml(rows: list[str]) -> Iterator[Piece]:
    at = 0
    while at < len(rows):
        match = _KEY.match(rows[at])
        if match is None:
            at += 1
            continue
        indent = len(match.group(1)) + len(match.group(2))
        key, value = match.group(3), match.group(4).strip()
        if value[:1] in ("|", ">") and len(value) < 4:
            body, at = _below(rows, at + 1, indent)
            yield Piece(body, "shell", at - body.count("\n"), key)
        elif not value or value[:1] in ("#", "&"):
            yield from _listed(rows, at + 1, indent if not match.group(2) else indent - 1, key)
            at += 1
        else:
            yield Piece(_scalar(value), "shell", at + 1, key)
            at += 1


def _scalar(value: str) -> str:
    if value[0] == "[":
        return _command_of(_words(value))
    if value[0] in "\"'" and value.rfind(value[0]) > 0:
        inner = value[1 : value.rfind(value[0])]
        return _plain(inner) if value[0] == '"' else inner.replace("''", "'")
    return value


def _below(rows: list[str], at: int, indent: int) -> tuple[str, int]:
    """A block of text below a key, without its margin, and the row after it."""
    first = at
    while at < len(rows) and (not rows[at].strip() or len(rows[at]) - len(rows[at].lstrip()) > indent):
        at += 1
    body = rows[first:at]
    margin = min((len(row) - len(row.lstrip()) for row in body if row.strip()), default=0)
    return "\n".join(row[margin:] for row in body), at


def _listed(rows: list[str], at: int, indent: int, key: str) -> Iterator[Piece]:
    """The items below a key: commands each, or of keys that take words, one command."""
    words: list[str] = []
    first = at
    while at < len(rows):
        match = _ITEM.match(rows[at])
        if match is None or len(match.group(1)) < indent:
            break
        value = match.group(2).strip()
        number = at + 1
        if value[:1] in ("|", ">") and len(value) < 4:
            value, at = _below(rows, at + 1, len(match.group(1)))
        else:
            value, at = _scalar(value) if value and not _KEY.match(value) else "", at + 1
            while at < len(rows) and rows[at].strip() and _is_rest(rows[at], match):
                at += 1
        if key in ("command", "args", "entrypoint", "test"):
            words.append(value)
        elif value:
            yield Piece(value, "shell", number, key)
    if words:
        yield Piece(_command_of(words), "shell", first + 1, key)


def _is_rest(row: str, item: re.Match) -> bool:
    """Does a row go on with the item above it?"""
    return len(row) - len(row.lstrip()) > len(item.group(1)) and not _ITEM.match(row)


_HERE = re.compile(r"<<[-~]?\s{0,2}([\"'\\]?)([A-Za-z_]\w{0,40})\1?")
_GOES_TO = re.compile(
    r"(?<![<>&\d])>{1,2}\|?\s{0,3}[\"']?([^\s\"'&|;<>()]{1,200})|\btee\s{1,3}(?:-a\s{1,3})?[\"']?"
    r"([^\s\"'&|;<>()-][^\s\"'&|;<>()]{0,200})"
)
_FED = re.compile(
    r"\b(python3?|node|ruby|perl|php|(?:ba|z|da)?sh|osascript|psql|mysql)\b(?:\s{1,3}-\w{0,4})?[^|;&<>\n]{0,60}<<"
)
_INTERPRETED = {"node": "javascript", "ruby": "ruby", "perl": "perl", "php": "php", "osascript": "applescript"}
_RC = re.compile(
    r"(?:^|/)\.?(?:bashrc|zshrc|profile|bash_profile|zprofile|zshenv|bash_aliases|xprofile|xinitrc|envrc"
    r"|config\.fish|rc\.local)$|hooks?/[\w.-]{3,40}$|/(?:init\.d|profile\.d"
    r"|cron\.(?:hourly|daily|weekly|monthly))/|/bin/[\w-]{1,60}$",
)
_UNIT = re.compile(
    r"\.(?:service|timer|desktop|plist|path|socket)$|\.ssh/config(?:\.d/[\w.-]{1,60})?$|crontab|/cron\.d/|cron$", re.I
)
_IMPORT = re.compile(r"(?m)^(?:import \w|from \w[\w.]* import )")


_PIPED_ON = re.compile(r"\b(?:curl|wget)\b[^\n]{0,300}\|\s{0,3}(?:sudo\s{1,3})?(?:/bin/)?(?:ba|z|da)?sh\b")


def language_written(target: str, content: str) -> str:
    """In what language a file of this name and content is a program; "" for none."""
    base = target.rsplit("/", 1)[-1].strip("\"'")
    if content.startswith("#!"):
        lang = language("x", content)
        return lang if lang != "markdown" else ""
    if _RC.search(target):
        return "shell"
    if _UNIT.search(target):
        return "unit"
    if "." in base or base.lower() in ("dockerfile", "makefile", "justfile", "procfile"):
        lang = language(base, content)
        if lang == "other" and _PIPED_ON.search(content):
            return "shell"  # Whatever it is called, what it holds is for a shell.
        return "" if lang in ("markdown", "data", "html", "css", "other", "notebook") else lang
    if base.startswith("$") and _IMPORT.search(content):
        return "python"
    return ""


def written_files(text: str, fed: bool = True) -> list[Piece]:
    """The files that here-documents of a shell text write, and the programs they feed to an interpreter."""
    if "<<" not in text:
        return []
    out: list[Piece] = []
    rows = text.split("\n")
    # Where each line stands is looked up once, for a text may begin documents that never end.
    stands: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        stands.setdefault(row.strip(), []).append(at)
    at, ended = 0, True
    while at < len(rows):
        row = rows[at]
        match = _HERE.search(row) if "<<" in row and "<<<" not in row else None
        at += 1
        if match is None:
            continue
        first, ends = at, stands.get(match.group(2), [])
        place = bisect_left(ends, first)
        if place == len(ends):
            # A shell takes what is never ended to the end of the file; what stands there is read for itself, too.
            out += _unended(row, rows[first:], first, fed) if ended else []
            ended = False
            continue
        at = ends[place]
        content = "\n".join(line.lstrip("\t") if "<<-" in row else line for line in rows[first:at])
        target = next((a or b for a, b in _GOES_TO.findall(row)), "")
        lang, where = _taken(row, target, content, fed)
        if lang:
            out.append(Piece(content, lang, first + 1, where))
        at += 1
    return out


def _unended(row: str, rest: list[str], first: int, fed: bool) -> list[Piece]:
    """The first document of a text that is never ended."""
    content = "\n".join(rest)
    lang, where = _taken(row, next((a or b for a, b in _GOES_TO.findall(row)), ""), content, fed)
    return [Piece(content, lang, first + 1, where)] if lang and content.strip() else []


def _taken(row: str, target: str, content: str, fed: bool) -> tuple[str, str]:
    if target and not target.startswith("/dev/null"):
        return language_written(target, content), target
    match = _FED.search(row) if fed else None
    if match is None or match.group(1) in ("psql", "mysql"):
        return "", ""
    name = match.group(1)
    return ("python" if name.startswith("python") else _INTERPRETED.get(name, "shell")), name


def unscheduled(row: str) -> str:
    """A line of a timetable without when it is due."""
    match = _CRON.match(row)
    return match.group(1) if match else row


def printed_file(target: str, words: Sequence[str], name: str) -> Piece | None:
    """The program that printf or echo writes into a file of this name."""
    words = [word for word in words if word not in ("-e", "-n", "-en", "-ne", "--")]
    content = " ".join(words[:1] if name == "printf" else words).replace("\\n", "\n").replace("\\t", "\t")
    content = content.replace("%s", words[1]) if name == "printf" and len(words) == 2 else content
    lang = language_written(target, content)
    return Piece(content, lang, 1, target) if lang else None
