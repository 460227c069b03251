"""The small grammar of a strace line: calls, arguments, quoted strings, paths and socket addresses."""

import posixpath
import re
from dataclasses import dataclass

_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\d+|\?|0x[0-9a-f]+)(.*)$", re.S)
_OPENED = re.compile(r"^<(/(?:[^>\\]|\\.)*?)(?: \(deleted\))?>")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-fA-F]{2}|.)")
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f", "a": "\a", "b": "\b", "e": "\x1b"}


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    args: str
    result: int
    error: str
    opened: str = ""  # what the descriptor it gave means in truth, where the witness looked


def split_call(text: str) -> Call | None:
    match = _CALL.match(text)
    if match is None:
        return None
    raw, tail = match[3], match[4].strip()
    result = -1 if raw == "?" else int(raw, 16) if raw.startswith("0x") else int(raw)
    word = tail.split(" ", 1)[0]
    error = word if result == -1 and re.fullmatch(r"E[A-Z0-9]+", word) else ""
    there = _OPENED.match(tail)
    return Call(match[1], match[2], result, error, unescape(there[1]) if there else "")


def unescape(text: str) -> str:
    """The string as bytes would read, with what is not UTF-8 kept by surrogates."""

    def one(match: re.Match) -> str:
        code = match[1]
        if code[0] in "01234567":
            return chr(int(code, 8) & 255)
        if code[0] == "x" and len(code) == 3:
            return chr(int(code[1:], 16))
        return _NAMED.get(code, code)

    if "\\" not in text:
        return text
    raw = _ESCAPE.sub(one, text)
    return raw.encode("latin-1", "replace").decode("utf-8", "replace")


def quoted(text: str) -> list[str]:
    """Every string in quotes, unescaped, in order."""
    return [unescape(string) for string in _STRING.findall(text)]


def arguments(text: str) -> list[str]:
    """Split at the commas that stand outside quotes and brackets."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        if char == '"':
            end = _STRING.match(text, at)
            at = end.end() if end else len(text)
            continue
        if char in "[{(":
            depth += 1
        elif char in "]})":
            depth -= 1
        elif char == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
        at += 1
    if text[start:].strip():
        found.append(text[start:].strip())
    return found


def resolved(argument: str, folder: str = "") -> str:
    """The absolute path that a quoted argument means, given the folder argument's `<...>` decoration."""
    strings = quoted(argument)
    path = strings[0] if strings else argument
    if path.startswith("/"):
        return posixpath.normpath(path)
    base = re.search(r"<([^>]*)>", folder)
    return posixpath.normpath(posixpath.join(unescape(base[1]), path)) if base else path


def socket_address(args: str) -> dict | None:
    """Family, host and port of the first socket address in a call's arguments."""
    family = re.search(r"sa_family=AF_(\w+)", args)
    if family is None:
        return None
    kind = family[1].lower()
    if kind == "unix":
        path = re.search(r'sun_path=(@?"(?:[^"\\]|\\.)*")', args)
        return {"family": "unix", "path": quoted(path[1])[0] if path else ""}
    port = re.search(r"sin6?_port=htons\((\d+)\)", args)
    host = re.search(r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"', args)
    if kind in ("inet", "inet6"):
        return {
            "family": kind,
            "host": (host[1] or host[2]) if host else "",
            "port": int(port[1]) if port else 0,
        }
    return {"family": kind}
