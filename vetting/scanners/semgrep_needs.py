"""Which of our semgrep rules could match a text; where none can, semgrep is not started, and it tries no other.

semgrep's engine works out which words a rule cannot do without. It tells what it found (`Idents`, `Regexp`, joined by
`And` and `Or`). Here a name must stand as a word of its own, as it does wherever code calls it by that name; of an
expression only words remain that every match of it has. A rule of ours may say more, as `cue` in its metadata: an
expression that every text holds in which it can match. Whatever is not understood is taken to be there.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vetting import kept
from vetting.scanners.cage import ToolFailed, run

SHORTEST = 2
KIND = "semgrep-needs"


class Text:
    """A text that is asked many times for the same few words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded = ""
        self._has: dict[object, bool] = {}

    def has(self, word: "Word | Letters") -> bool:
        known = self._has.get(word)
        if known is None:
            known = self._has[word] = word.stands_in(self)
        return known

    @property
    def folded(self) -> str:
        self._folded = self._folded or self.text.casefold()
        return self._folded


@dataclass(frozen=True, slots=True)
class Word:
    """A name as code writes it: neither a part of another nor in other letters."""

    name: str

    def stands_in(self, text: Text) -> bool:
        at, name, whole = -1, self.name, text.text
        while (at := whole.find(name, at + 1)) >= 0:
            if not (_goes_on(whole, at - 1) or _goes_on(whole, at + len(name))):
                return True
        return False


def _goes_on(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters that stand anywhere, in either case."""

    folded: str

    def stands_in(self, text: Text) -> bool:
        return self.folded in text.folded


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them; of none, nothing is asked."""

    needs: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class Any:
    needs: tuple["Need", ...]


Need = Word | Letters | All | Any
ANYTHING = All(())


def is_met(need: Need, text: Text) -> bool:
    if isinstance(need, All):
        return all(is_met(one, text) for one in need.needs)
    if isinstance(need, Any):
        return any(is_met(one, text) for one in need.needs)
    return text.has(need)


class Needs:
    """By rule file: what each of its rules needs, by the rule's name."""

    def __init__(self, needs: Mapping[str, Mapping[str, Need]], cues: Mapping[str, str] | None = None) -> None:
        self.needs, self.cues = needs, cues or {}

    def rules_for(self, rule_file: str, text: str) -> list[str] | None:
        """The rules of this file that could match; None where nothing is known of the file."""
        needs = self.needs.get(rule_file)
        if needs is None:
            return None
        asked = Text(text)
        return [rule for rule, need in needs.items() if is_met(need, asked) and self._has_cue(rule, text)]

    def _has_cue(self, rule: str, text: str) -> bool:
        return rule not in self.cues or re.search(self.cues[rule], text) is not None


def needs_of(
    engine: Path, version: str, rule_files: Sequence[Path], folder: Path, cues: Mapping[str, str] | None = None
) -> Needs:
    """What the engine says of these rules; asked once, and kept as long as neither changes."""
    key = kept.key_of(version, *(part for path in rule_files for part in (path.name, path.read_bytes())))
    data = kept.read(KIND, key)
    if data is None:
        try:
            said = {path.name: _said(engine, path, folder) for path in rule_files}
        except (ToolFailed, ValueError):
            return Needs({})
        kept.write(KIND, key, json.dumps(said).encode())
    else:
        said = json.loads(data)
    needs = {name: {rule["rule_id"]: need_of(rule["filter"]) for rule in rules} for name, rules in said.items()}
    return Needs(needs, cues)


def _said(engine: Path, rule_file: Path, folder: Path) -> list[dict]:
    argv = [str(engine), "-prefilter_of_rules", str(rule_file)]
    answer = run(argv, folder=folder, seconds=30.0, memory_mb=2048)
    rules = json.loads(answer.stdout)
    if answer.exit_code or not all({"rule_id", "filter"} <= set(rule) for rule in rules):
        raise ToolFailed("it does not tell what its rules need")
    return rules


def need_of(formula: object) -> Need:
    """What the engine's formula asks for; nothing, where it is of a kind that is not known."""
    match formula:
        case ["Some", inner]:
            return need_of(inner)
        case ["Pred", ["Idents", names]]:
            return _all(Word(name) if re.fullmatch(r"\w+", name) else Letters(name.casefold()) for name in names)
        case ["Pred", ["Regexp", expression]]:
            return words_of(expression)
        case ["And", parts]:
            return _all(map(need_of, parts))
        case ["Or", parts]:
            return _either(map(need_of, parts))
    return ANYTHING


def _all(needs: Iterable[Need]) -> Need:
    asked = tuple(dict.fromkeys(need for need in needs if need != ANYTHING))
    return asked[0] if len(asked) == 1 else All(asked)


def _either(needs: Iterable[Need]) -> Need:
    asked = tuple(dict.fromkeys(needs))
    if not asked or ANYTHING in asked:
        return ANYTHING
    return asked[0] if len(asked) == 1 else Any(asked)


# --- The words of an expression -------------------------------------------------------------------------------------
def words_of(expression: str) -> Need:
    """What every match of the expression holds, in any case."""
    try:
        parsed = re._parser.parse(expression)
    except (re.error, OverflowError, RecursionError):
        return ANYTHING
    return _all(_asked_by(parsed))


def _asked_by(parsed: Sequence) -> Iterator[Need]:
    run_of = ""
    for operator, argument in parsed:
        if operator is re._constants.LITERAL:
            run_of += chr(argument)
            continue
        yield from _letters(run_of)
        run_of = ""
        yield from _inside(str(operator), argument)
    yield from _letters(run_of)


def _letters(letters: str) -> Iterator[Need]:
    if len(letters) >= SHORTEST:
        yield Letters(letters.casefold())


def _inside(operator: str, argument) -> Iterator[Need]:
    if operator == "SUBPATTERN":
        yield from _asked_by(argument[-1])
    elif operator == "ATOMIC_GROUP":
        yield from _asked_by(argument)
    elif operator == "BRANCH":
        yield _either(_all(_asked_by(branch)) for branch in argument[1])
    elif operator.endswith("_REPEAT") and argument[0] >= 1:
        yield from _asked_by(argument[2])
