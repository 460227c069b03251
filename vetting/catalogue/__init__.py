"""Every rule that a finding can come from, described for readers: its page, `skill explain`, SARIF and the reference.

Checks are read, not imported: whoever only explains a finding loads no parser. A finding names its rule in `check`:
the file of a check, or `scanner:rule`, or `room:rule`.
"""

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache

from vetting.catalogue import others, own
from vetting.catalogue.rule import Rule
from vetting.taxonomy import links_of

FAMILIES = ("check", "dependencies", "bandit", "semgrep", "yara", "room", "other")


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All of them, family by family, in the order of their names."""
    # The tools' rules are asked of the scanners, which a page that only names a finding does without.
    from vetting.catalogue import tools

    found = [*own.rules(), *tools.rules(), *others.rules()]
    return tuple(sorted(map(_linked, found), key=lambda one: (FAMILIES.index(one.family), one.name)))


def rule(name: str) -> Rule | None:
    """The rule that a finding's `check` names. A tool that has rules of its own is described as a whole."""
    known = _by_name()
    family, colon, _ = name.partition(":")
    return known.get(name) or (known.get(f"{family}:*") if colon else None)


def nearest(name: str) -> list[str]:
    """The names that somebody who wrote this one may have meant, the closest first; none when nothing is close."""
    plain = {one.replace("-", "_").lower(): one for one in _by_name() if not one.endswith(":*")}
    wanted = name[:80].replace("-", "_").lower()
    return [plain[one] for one in get_close_matches(wanted, plain, n=3, cutoff=0.7)]


def of_code(code: str) -> list[Rule]:
    return [one for one in rules() if code in one.codes]


def title_of(check: str) -> str:
    """What a finding of this rule found, in a few words; "" where the finding says so itself. Cheap."""
    return own.title_of(check) or others.title_of(check)


def is_known(check: str) -> bool:
    """Whether a rule of this name is described, as far as can be told without reading them all."""
    return bool(title_of(check)) or check.partition(":")[0] in ("bandit", "semgrep", "yara")


def links_for(code: str, own: Iterable[str]) -> list[str]:
    """A finding's own links, and those of its kind that it lacks: a weakness is named once, by the closer one."""
    links = list(own)
    has_weakness = any("cwe.mitre.org" in link for link in links)
    kind = [one for one in links_of(code) if not (has_weakness and "cwe.mitre.org" in one)]
    return list(dict.fromkeys([*links, *kind]))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Rule]:
    return {one.name: one for one in rules()}


def _linked(one: Rule) -> Rule:
    return replace(one, links=tuple(links_for(one.codes[0], one.links))) if one.codes else one
