"""The texts of a bundle, and how near each is to SKILL.md: what an agent will come to read or run."""

import re
from dataclasses import replace

from vetting.bundle import Bundle
from vetting.reading.effort import share
from vetting.reading.layers import Budget
from vetting.reading.letters import fold
from vetting.reading.opening import Opener
from vetting.reading.sources import Source, Unread

_FIXTURE = re.compile(
    r"(?:^|/)(?:tests?|__tests__|fixtures?|testdata|test-data|specs?|__mocks__|mocks)/"
    r"|(?:^|/)evals?/[^/]*\.jsonl?$|(?:^|/)test_[^/]*$|\.(?:test|spec)\.[a-z]{1,4}$|_test\.[a-z]{1,4}$",
    re.I,
)
_NO_NAME = re.compile(r"[\s\"'`()<>\[\]{},;:=|]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{4,}")
LONG = 200_000  # characters from which on file names are looked up among the words of a text
MANY = 500  # names of files, of which not each is looked for in each text


def is_fixture(path: str) -> bool:
    """Does a file lie where tests and what they need lie?"""
    return bool(_FIXTURE.search(path))


def sources_of(bundle: Bundle, budget: Budget) -> tuple[list[Source], list[Unread]]:
    """Every readable file, and the readable members of archives, notebooks and office files; and what stayed shut."""
    opener = Opener(budget)
    for file in bundle:
        reach = "fixture" if is_fixture(file.path) else "loose"
        opener.open(file.path, file.data, reach, executable=file.executable)
    sources = opener.sources
    _mark_taken(sources)
    _mark_reach(sources)
    share(sources, budget)
    sources.sort(key=lambda s: (s.reach != "entry", s.path))
    return sources, opener.unread


# `sh data.csv`, `. settings`, `python notes.txt`: whatever a name says, a file is what it is run as.
_NAMES = "bash zsh dash ksh ash sh source . python3 python node ruby perl php".split()
# What stands before a name is asked behind it, so that only the letters with which names begin are tried.
_RUN = re.compile(
    "(" + "|".join(rf"{re.escape(name)}(?<![\w/.-]{re.escape(name)})" for name in _NAMES) + ")"
    r"[ \t]{1,4}(?:-[a-z]{1,4}[ \t]{1,4}){0,3}[\"']?(?:\./|\$\{?\w{1,40}\}?/)?([\w.-][\w./-]{0,120})"
)
_RUN_AS = {
    "source": "shell", ".": "shell", "python": "python", "python3": "python", "node": "javascript", "ruby": "ruby",
    "perl": "perl", "php": "php",
}  # fmt: skip
# The same where it is a command and no sentence, of files that are something else besides: a page, another program.
_AT_ONCE = re.compile(r"(?:\A|[\n`;&|])[ \t>]{0,12}(?:\$ )?" + _RUN.pattern)
_NO_CODE = frozenset(("data", "json", "yaml", "toml", "other", "markdown", "css"))


def _mark_taken(sources: list[Source]) -> None:
    """The language of a file that something runs is that of what runs it."""
    odd: dict[str, list[Source]] = {}
    for source in sources:
        if source.path != "SKILL.md" and source.lang != "notebook":
            odd.setdefault(source.path.rsplit("/", 1)[-1], []).append(source)
    besides: dict[tuple[str, str], Source] = {}
    for source in list(sources) if odd else ():
        said = source.raw[:LONG]
        at_once = None
        for name, path in _RUN.findall(said) if "s" in said or "." in said else ():
            lang = _RUN_AS.get(name, "shell")
            for taken in odd.get(path.rsplit("/", 1)[-1], ()):
                if taken.lang == lang or not (taken.path == path or taken.path.endswith("/" + path)):
                    continue
                page = taken.path.endswith((".md", ".mdx"))
                if taken.lang in _NO_CODE and taken.lang != "markdown":
                    taken.lang = lang
                    continue
                at_once = set(_AT_ONCE.findall(said)) if at_once is None else at_once
                if (taken.lang in _NO_CODE and not page) or (name, path) in at_once:
                    besides[taken.path, lang] = replace(taken, lang=lang)
    sources += besides.values()


def _mark_reach(sources: list[Source]) -> None:
    """SKILL.md leads to the files it names, those to the files they name: what an agent will come to read or run."""
    entry = next((s for s in sources if s.path == "SKILL.md"), None)
    if entry is None:
        entry = next((s for s in sources if s.path.lower().rsplit("/", 1)[-1] == "skill.md"), None)
    if entry is None:
        return
    entry.reach = "entry"
    waiting = [entry]
    by_name: dict[str, list[Source]] = {}
    for source in sources:
        base = source.path.rsplit("/", 1)[-1]
        if source is not entry and source.reach != "packed" and len(base) > 3:
            by_name.setdefault(base, []).append(source)
    many = len(by_name) >= MANY
    while waiting and by_name:
        named = _named_in(waiting.pop().raw, many)
        hits = by_name.keys() & named if isinstance(named, set) else {base for base in by_name if base in named}
        for source in [source for base in list(hits) for source in by_name.pop(base)]:
            if source.reach != "fixture":
                source.reach = "linked"
            waiting.append(source)


def _named_in(text: str, many: bool) -> str | set[str]:
    """What may name a file: a text itself, or its words where it is long or very many names are looked up in it."""
    if len(text) < LONG and not many:
        return fold(text)
    found: set[str] = set()
    for at in range(0, len(text), LONG):
        # A name may stand across the end of a piece, hence the overlap.
        piece = fold(text[at : at + LONG + 200])
        found.update(_NO_NAME.sub(" ", piece).split(), _PLAIN_NAME.findall(piece))
    return found | {word.rsplit("/", 1)[-1].strip("._*~") for word in found}
