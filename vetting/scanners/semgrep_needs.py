"""Which of our semgrep rules could match a text; where none can, semgrep is not started, and it tries no other.

semgrep's engine works out which words a rule cannot do without. It tells what it found (`Idents`, `Regexp`, joined by
`And` and `Or`). Here a name must stand as a word of its own, as it does wherever code calls it by that name; of an
expression only words remain that every match of it has. A rule of ours may say more, as `cues` in its metadata:
expressions each of which every text holds in which it can match; a rule that is nothing but expressions is its own cue.
Whatever is not understood is taken to be there.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from vetting import kept
from vetting.scanners.cage import ToolFailed, run
from vetting.scanners.words import ANYTHING, Letters, Like, Need, Text, all_of, any_of, is_met, name

SHORTEST = 2
KIND = "semgrep-needs"


class Needs:
    """By rule file: what each of its rules needs, by the rule's name."""

    def __init__(self, needs: Mapping[str, Mapping[str, Need]]) -> None:
        self.needs = needs

    def rules_for(self, rule_file: str, text: str) -> list[str] | None:
        """The rules of this file that could match; None where nothing is known of the file."""
        needs = self.needs.get(rule_file)
        if needs is None:
            return None
        asked = Text(text)
        return [rule for rule, need in needs.items() if is_met(need, asked)]


def needs_of(
    engine: Path, version: str, rule_files: Sequence[Path], folder: Path, cues: Mapping[str, Sequence[str]]
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
    return Needs({name: {rule["rule_id"]: _with_cues(rule, cues) for rule in rules} for name, rules in said.items()})


def _with_cues(rule: Mapping, cues: Mapping[str, Sequence[str]]) -> Need:
    """The cues come last: they cost the most, and few texts have the words."""
    return all_of([need_of(rule["filter"]), *map(Like, cues.get(rule["rule_id"], ()))])


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
            return all_of(map(name, names))
        case ["Pred", ["Regexp", expression]]:
            return words_of(expression)
        case ["And", parts]:
            return all_of(map(need_of, parts))
        case ["Or", parts]:
            return any_of(map(need_of, parts))
    return ANYTHING


# --- The words of an expression -------------------------------------------------------------------------------------
def words_of(expression: str) -> Need:
    """What every match of the expression holds, in any case."""
    try:
        parsed = re._parser.parse(expression)
    except (re.error, OverflowError, RecursionError):
        return ANYTHING
    return all_of(_asked_by(parsed))


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
        yield any_of(all_of(_asked_by(branch)) for branch in argument[1])
    elif operator.endswith("_REPEAT") and argument[0] >= 1:
        yield from _asked_by(argument[2])
