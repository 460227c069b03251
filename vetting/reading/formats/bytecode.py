"""Compiled Python compared with its source. Nothing is unmarshalled: hostile bytecode can crash the reader that does."""

import re
import struct
from collections.abc import Iterable

_FLAG = 0x80
_SHORT = frozenset(b"zZ")  # one byte of length
_LONG = frozenset(b"aAut")  # four bytes of length
# Names that Python writes into bytecode by itself.
_OWN = re.compile(r"__\w+__|<\w+>|\.\d+|return|self|annotations")
_NAME = re.compile(r"[A-Za-z_][\w.]*+")
_ADDRESS = re.compile(r"https?://|\b\d{1,3}(?:\.\d{1,3}){3}\b|/bin/(?:ba)?sh")
DANGEROUS = frozenset(
    "socket urllib requests httpx aiohttp urlopen urlretrieve subprocess Popen system popen check_output environ "
    "exec eval "
    "compile marshal pickle ctypes b64decode b85decode a85decode fromhex unhexlify decompress connect sendall "
    "pty spawn "
    "expanduser rmtree execve fork keyring pyperclip pynput __import__ import_module paramiko ftplib smtplib "
    "telnetlib".split()
)


def strings_of(data: bytes) -> set[str]:
    """Every string constant and name that stands in a .pyc, found by the marks that marshal puts before them."""
    out: set[str] = set()
    at, end = 16, len(data)
    while at < end:
        kind = data[at] & ~_FLAG
        if kind in _SHORT and at + 1 < end:
            start, size = at + 2, data[at + 1]
        elif kind in _LONG and at + 5 <= end:
            start, size = at + 5, struct.unpack("<I", data[at + 1 : at + 5])[0]
        else:
            at += 1
            continue
        text = _text(data[start : start + size]) if 0 < size <= end - start else None
        if text is None:
            at += 1
        else:
            out.add(text)
            at = start + size
    return out


def _text(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\n\r\t" for c in text) else None


def strangers(strings: Iterable[str], source: str) -> list[str]:
    """Names and addresses in the bytecode that its source does not have: the dangerous ones first."""
    words = set(re.findall(r"[A-Za-z_]\w*", source))
    found = []
    for text in strings:
        if _ADDRESS.search(text):
            if text not in source:
                found.append(text)
        elif (
            len(text) > 2 and _NAME.fullmatch(text) and not _OWN.fullmatch(text) and not text.endswith((".py", ".pyc"))
        ):
            found += [text for part in text.split(".") if part and not _known(part, words)][:1]
    return sorted(found, key=lambda text: (not is_dangerous(text), text))


def _known(part: str, words: set[str]) -> bool:
    return part in words or bool(_OWN.fullmatch(part)) or re.sub(r"^_\w{1,80}?(__\w{1,80})$", r"\1", part) in words


def is_dangerous(text: str) -> bool:
    return bool(_ADDRESS.search(text)) or not DANGEROUS.isdisjoint(text.split("."))
