"""Our semgrep rules: which file holds those of a language, and what each of them says."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from vetting import kept

RULES = Path(__file__).with_name("rules") / "semgrep"
# The languages that are read, each with the file that holds its rules.
RULES_OF = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "javascript",
    "tsx": "javascript",
    "bash": "shell",
}
LANGUAGES = set(RULES_OF)
FLAGS = re.compile(r"\(\?([a-z]+)\)")


@cache
def version() -> str:
    return hashlib.sha256("".join(path.read_text() for path in rule_files()).encode()).hexdigest()[:8]


@cache
def rule_files() -> tuple[Path, ...]:
    return tuple(sorted(RULES.glob("*.yaml")))


def rule_files_for(language: str) -> list[Path]:
    """The file of the language's rules, and any that belongs to no language we know."""
    return [file for file in rule_files() if file.stem == RULES_OF[language] or file.stem not in RULES_OF.values()]


@cache
def rules_by_file() -> Mapping[str, Sequence[dict]]:
    """Read from YAML once for all processes; the data folder keeps it in a form that is read in no time."""
    key = kept.key_of(*(part for path in rule_files() for part in (path.name, path.read_bytes())))
    if (data := kept.read("semgrep-rules", key)) is not None:
        return json.loads(data)
    rules = rules_in_yaml()
    kept.write("semgrep-rules", key, json.dumps(rules).encode())
    return rules


def rules_in_yaml() -> dict[str, list[dict]]:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    by_file = {path.name: yaml.load(path.read_text())["rules"] for path in rule_files()}
    names = Counter(rule["id"] for rules in by_file.values() for rule in rules)
    if doubled := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"these semgrep rules have the same name: {doubled}")
    return by_file


@cache
def rules_by_id() -> Mapping[str, dict]:
    return {rule["id"]: rule for rules in rules_by_file().values() for rule in rules}


def cues() -> dict[str, list[str]]:
    """What a text holds in which a rule can match, for the rules that say so or that are nothing but expressions."""
    said = {name: rule["metadata"].get("cues") or _whole(rule) for name, rule in rules_by_id().items()}
    return {name: some for name, some in said.items() if some}


def _whole(rule: Mapping) -> list[str]:
    """The rule itself as one expression, none where it is of another kind."""
    parts = [rule] if "pattern-regex" in rule else rule.get("pattern-either", [])
    if not all("pattern-regex" in part for part in parts):
        return []
    return ["|".join(_grouped(part["pattern-regex"]) for part in parts)] if parts else []


def _grouped(expression: str) -> str:
    """The expression as a part of another, with the flags at its start for itself alone."""
    flags = FLAGS.match(expression)
    return f"(?{flags[1]}:{expression[flags.end() :]})" if flags else f"(?:{expression})"
