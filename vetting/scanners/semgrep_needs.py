"""Which words a text must hold before one of our semgrep rules can match it; where none can, semgrep is not started.

semgrep's engine works this out for itself and passes over a file that lacks them. It tells what it found (`Idents`,
`Regexp`, joined by `And` and `Or`); here that is made weaker, never stronger: a name need only stand somewhere, and of
an expression only words remain that every match of it has. Whatever is not understood is taken to be there.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vetting import kept
from vetting.scanners.cage import ToolFailed, run

# A clause is a set of words one of which must stand in the text; a need is a list of clauses, all of which must hold.
Clause = frozenset[str]
Need = list[Clause]
SHORTEST = 2
CLAUSES_AT_MOST = 200
KIND = "semgrep-needs"


class Needs:
    """By language of a rule file: what each of its rules needs."""

    def __init__(self, needs: dict[str, list[Need]]) -> None:
        self.needs = needs

    def may_match(self, rule_file: str, text: str) -> bool:
        """Whether any rule of this file could match; True where nothing is known of the file."""
        needs = self.needs.get(rule_file)
        if needs is None:
            return True
        folded = text.casefold()
        return any(all(any(word in folded for word in clause) for clause in need) for need in needs)


def needs_of(engine: Path, version: str, rule_files: Sequence[Path], folder: Path) -> Needs:
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
    return Needs({name: [_need(rule["filter"]) for rule in rules] for name, rules in said.items()})


def _said(engine: Path, rule_file: Path, folder: Path) -> list[dict]:
    argv = [str(engine), "-prefilter_of_rules", str(rule_file)]
    answer = run(argv, folder=folder, seconds=30.0, memory_mb=2048)
    rules = json.loads(answer.stdout)
    if answer.exit_code or not all({"rule_id", "filter"} <= set(rule) for rule in rules):
        raise ToolFailed("it does not tell what its rules need")
    return rules


def _need(formula: object) -> Need:
    """An empty need is met by every text: that is what becomes of anything unknown."""
    match formula:
        case ["Some", inner]:
            return _need(inner)
        case ["Pred", ["Idents", names]]:
            return [frozenset({name.casefold()}) for name in names]
        case ["Pred", ["Regexp", expression]]:
            return words_of(expression)
        case ["And", parts]:
            return [clause for part in parts for clause in _need(part)]
        case ["Or", parts]:
            return _either([_need(part) for part in parts])
    return []


def _either(needs: list[Need]) -> Need:
    """One of several: each combination of their clauses holds. Where those are too many, the surest alone."""
    if not needs or not all(needs):
        return []
    whole: Need = [frozenset()]
    for need in needs:
        whole = [clause | other for clause in whole for other in need]
        if len(whole) > CLAUSES_AT_MOST:
            return [frozenset().union(*(_surest(one) for one in needs))]
    return list(dict.fromkeys(whole))


def _surest(need: Need) -> Clause:
    """The clause that is met least often: of the longest words."""
    return max(need, key=lambda clause: min(map(len, clause)))


# --- The words of an expression -------------------------------------------------------------------------------------
def words_of(expression: str) -> Need:
    """What every match of the expression holds, in any case."""
    try:
        parsed = re._parser.parse(expression)
    except (re.error, OverflowError, RecursionError):
        return []
    return list(_clauses(parsed))


def _clauses(parsed: Sequence) -> Iterator[Clause]:
    run_of = ""
    for operator, argument in parsed:
        if operator is re._constants.LITERAL:
            run_of += chr(argument)
            continue
        yield from _word(run_of)
        run_of = ""
        yield from _inside(str(operator), argument)
    yield from _word(run_of)


def _word(letters: str) -> Iterator[Clause]:
    if len(letters) >= SHORTEST:
        yield frozenset({letters.casefold()})


def _inside(operator: str, argument) -> Iterator[Clause]:
    if operator == "SUBPATTERN":
        yield from _clauses(argument[-1])
    elif operator == "ATOMIC_GROUP":
        yield from _clauses(argument)
    elif operator == "BRANCH":
        yield from _either([list(_clauses(branch)) for branch in argument[1]])
    elif operator.endswith("_REPEAT") and argument[0] >= 1:
        yield from _clauses(argument[2])
