"""Strings that are made to cost a pattern as much as they can, and what they cost it as they grow."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as sre
from re import _parser

from vetting.reading.prefilter import Guarded

# What hostile text is made of, whatever the pattern.
FILLERS = ("a", "a ", "0", " ", "\n", "\r\n", "a.", "../", "[", "<a ", "%41", "$(", "> ", "http://", "the ", "\u0430")
# Pumps that are tried on one pattern beside these.
PUMPS = 40


def patterns_below(*packages: str) -> Iterator[tuple[str, re.Pattern]]:
    """Every pattern of these packages: those that modules hold and those written into a call of re."""
    for package in packages:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            module = importlib.import_module(info.name)
            held = {value.pattern: value for value in _values(vars(module).values()) if isinstance(value.pattern, str)}
            written = {one.pattern: one for one in _written(Path(module.__file__))}
            for number, pattern in enumerate((held | written).values()):
                yield f"{info.name.removeprefix('vetting.')}:{number}", pattern


def _values(values: Iterable) -> Iterator[re.Pattern]:
    for value in values:
        if isinstance(value, Guarded):
            value = value.inner
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, dict):
            yield from _values(value.values())
        elif isinstance(value, tuple | list):
            yield from _values(value)


def _written(file: Path) -> Iterator[re.Pattern]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        first = node.args[0]
        if getattr(node.func.value, "id", "") == "re" and isinstance(getattr(first, "value", None), str):
            flags = re.RegexFlag(0)
            for name in re.findall(r"\bre\.([A-Z]+)\b", ast.unparse(node)):
                flags |= getattr(re, name)
            yield re.compile(first.value, flags)


def pumps(pattern: re.Pattern) -> Iterator[tuple[str, str]]:
    """(head, piece): the piece is repeated behind the head. Heads lead into each repetition of the pattern."""
    yield from (("", filler) for filler in FILLERS)
    seen = set()
    for head, piece in _inside(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), ""):
        for pump in ((head, piece), ("", head + piece), (head, piece + head[-20:]), ("", head)):
            if pump[1] and pump not in seen and len(seen) < PUMPS:
                seen.add(pump)
                yield pump


def _inside(tree: Iterable, head: str) -> Iterator[tuple[str, str]]:
    for op, value in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield head, _shortest(value[2])
            yield from _inside(value[2], head)
        elif op is sre.SUBPATTERN:
            yield from _inside(value[3], head)
        elif op is sre.ATOMIC_GROUP:
            yield from _inside(value, head)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _inside(value[1], head)
        elif op is sre.BRANCH:
            for branch in value[1][:12]:
                yield from _inside(branch, head)
        head += _shortest([(op, value)])


def _shortest(tree: Iterable) -> str:
    """A short text that these pieces of a pattern match."""
    return "".join(_one(op, value) for op, value in tree)


def _one(op: object, value: object) -> str:
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.NOT_LITERAL:
        return "a" if value != 97 else "b"
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return _member(value)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _shortest(value[2]) * min(max(value[0], 1), 40)
    if op is sre.SUBPATTERN:
        return _shortest(value[3])
    if op is sre.ATOMIC_GROUP:
        return _shortest(value)
    return _shortest(value[1][0]) if op is sre.BRANCH else ""


_CATEGORY = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_SPACE: "a"}


def _member(items: list) -> str:
    if items[0][0] is sre.NEGATE:
        barred = {chr(number) for kind, number in items if kind is sre.LITERAL}
        return next((c for c in "a x-1/" if c not in barred), "\u00e9")
    op, value = items[0]
    if op is sre.RANGE:
        return chr(value[0])
    return chr(value) if op is sre.LITERAL else _CATEGORY.get(value, "-")


def cost(pattern: re.Pattern, text: str) -> float:
    """CPU seconds that a search through all of the text takes."""
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


def text_of(head: str, piece: str, size: int) -> str:
    return (head + piece * (size // len(piece) + 1))[:size] + "\0"


def growth(pattern: re.Pattern, head: str, piece: str, sizes: tuple[int, ...], enough: float) -> float:
    """The factor by which the cost grew when the text last became twice as long; 0 where it never costs enough to tell.

    Sizes double, so a pattern that explodes shows at a small one, before it could take for ever.
    """
    for size in sizes:
        if cost(pattern, text_of(head, piece, size)) > enough:
            half, whole = text_of(head, piece, size // 2), text_of(head, piece, size)
            return min(cost(pattern, whole) for _ in range(3)) / max(min(cost(pattern, half) for _ in range(3)), 1e-6)
    return 0.0
