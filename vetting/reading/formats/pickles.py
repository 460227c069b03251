"""Serialised Python objects (pickle, joblib, NumPy arrays of objects, model files): what they call when they are loaded.

Loading such a file runs what it names. The stream of marks is walked, never loaded, and what stands behind raw arrays,
where no walk leads, is looked for by its bytes.
"""

import pickletools
import re
from collections.abc import Iterator

from vetting.reading.formats import archive

MARKS = 500_000  # marks of one stream that are walked
BYTES = 64_000_000  # of one that is packed: more than a file of a skill may have
NAME = re.compile(
    r"\.(?:pkl|pickle|joblib|p|npy|npz|pt|pth|ckpt|bin|sav|model|dat|data|dill|cloudpickle|state|h5|db|cache)$", re.I
)
# Modules whose functions no saved value needs, and of those that values do need, the functions that act.
_WHOLE = frozenset(
    "os posix nt subprocess pty commands runpy popen2 code socket ctypes webbrowser pip pdb timeit cProfile "
    "profile trace bdb"
    " importlib asyncio.subprocess urllib.request requests httpx ftplib smtplib telnetlib shutil "
    "_posixsubprocess marshal"
    " multiprocessing.popen_fork idlelib.pyshell test.support.script_helper numpy.testing._private.utils pydoc".split()
)
_SOME = frozenset(
    [(module, name) for module in ("builtins", "__builtin__") for name in ("eval", "exec", "execfile", "compile", "__import__", "open", "breakpoint", "input")]
    + [("sys", "setprofile"), ("types", "FunctionType"), ("types", "CodeType"), ("torch.hub", "load"), ("torch", "load")]
)  # fmt: skip
_HARMLESS = frozenset((("os", "PathLike"), ("os", "fspath"), ("shutil", "Error"), ("socket", "AF_INET")))
_WORDS = "|".join(sorted({re.escape(one) for one in _WHOLE} | {"builtins", "__builtin__"}))
_PLAIN = re.compile(rb"c(" + _WORDS.encode() + rb")\n(\w{2,40})\n")
_SHORT = re.compile(
    rb"\x8c.(" + _WORDS.encode() + rb")(?:\x94|q.|r....)?\x8c.(\w{2,40})(?:\x94|q.|r....)?\x93", re.DOTALL
)
# Where no walk leads, only names that no list of words is likely to hold as they stand here.
_STRICT = ("posix", "nt", "subprocess", "builtins", "__builtin__", "pty", "runpy", "os")
_FUNCTIONS = ("system", "popen", "Popen", "exec", "eval", "execv", "execve", "spawnl", "check_output", "check_call", "run_path", "spawn", "call", "run")  # fmt: skip


def looks_like_one(path: str, data: bytes) -> bool:
    """By its first bytes, or by a name that promises one."""
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return True
    return data[:6] == b"\x93NUMPY" or (bool(NAME.search(path)) and data[:1] in b"(cl]}\x78")


def called_by(data: bytes) -> tuple[list[str], bool]:
    """Dotted names of what acts when these bytes are loaded, in the order of their first place; and were all marks
    walked, up to where a walk can lead?"""
    whole = True
    if data[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        data, _, whole = archive.opened(data, BYTES)
    if data[:6] == b"\x93NUMPY":
        data = data[10 + int.from_bytes(data[8:10], "little") :]
    walk = _Walk()
    found = dict.fromkeys(walk.over(data))
    for pattern in (_PLAIN, _SHORT):
        found |= dict.fromkeys((m.group(1).decode(), m.group(2).decode()) for m in pattern.finditer(data))
    if not walk.whole and b"\x93" in data:
        found |= dict.fromkeys(_spelled_in(data))
    return [f"{module}.{name}" for module, name in found if _acts(module, name)], whole and not walk.cut


def _spelled_in(data: bytes) -> list[tuple[str, str]]:
    """Where the walk breaks off (raw numbers stand in the stream), a module and a function that are both spelled out."""
    modules, names = (
        [word for word in words if b"\x8c" + bytes([len(word)]) + word.encode() in data]
        for words in (_STRICT, _FUNCTIONS)
    )
    return [(modules[0], names[0])] if modules and names else []


def _acts(module: str, name: str) -> bool:
    if (module, name) in _HARMLESS or name.endswith(("Error", "Exception")):
        return False
    return module in _WHOLE or (module, name) in _SOME or module.split(".")[0] in ("os", "subprocess", "posix", "nt")


class _Walk:
    """The marks of a stream, one by one; the last texts stand in for the stack. whole says whether the end was met,
    cut whether there were more marks than are walked."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.kept: dict[int, str] = {}
        self.said, self.memoised, self.whole, self.cut = False, 0, False, False

    def over(self, data: bytes) -> Iterator[tuple[str, str]]:
        """(module, name) of every object that the stream asks for by name."""
        try:
            for count, (mark, value, _) in enumerate(pickletools.genops(data)):
                if count > MARKS:
                    self.cut = True
                    return
                if mark.name in ("GLOBAL", "INST"):
                    module, _, name = str(value).partition(" ")
                    yield module, name
                elif mark.name == "STACK_GLOBAL" and len(self.texts) > 1:
                    yield self.texts[-2], self.texts[-1]
                self._keep(mark.name, value)
            self.whole = True
        except Exception:  # A stream that ends in the middle, or is none: what was walked so far is told.
            return

    def _keep(self, name: str, value: object) -> None:
        if name in ("BINGET", "LONG_BINGET", "GET"):
            self.texts.append(self.kept.get(int(str(value)), ""))
        elif name == "MEMOIZE" or name.endswith("PUT"):
            place = self.memoised if name == "MEMOIZE" else int(str(value))
            self.memoised += name == "MEMOIZE"
            if self.said:
                self.kept[place] = self.texts[-1]
            return
        self.said = ("UNICODE" in name or "STRING" in name) and isinstance(value, str)
        if self.said:
            self.texts.append(str(value))
        del self.texts[:-200]
