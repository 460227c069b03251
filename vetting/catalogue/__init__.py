"""Every rule that a finding can come from, described for readers: its page, `skill explain`, SARIF and the reference.

Checks are read, not imported: whoever only explains a finding loads no parser. A finding names its rule in `check`:
the file of a check, or `scanner:rule`, or `room:rule`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from vetting.taxonomy import links_of

FAMILIES = ("check", "dependencies", "bandit", "semgrep", "yara", "room", "other")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. codes are what its findings can be; severity is the usual one, "" where it depends on what was found.

    title says what was found. It is empty where the finding's own words do, as with most rules of the outside tools.
    """

    name: str
    family: str
    codes: tuple[str, ...]
    title: str
    axis: str = ""
    severity: str = ""
    confidence: str = ""
    finds: str = ""
    why: str = ""
    fix: str = ""
    links: tuple[str, ...] = ()
    bad: str = ""
    good: str = ""

    @property
    def heading(self) -> str:
        return self.title or self.name

    def as_dict(self) -> dict:
        """The shape of API v1's `checks`."""
        return {
            "name": self.name,
            "family": self.family,
            "codes": list(self.codes),
            "title": self.heading,
            "axis": self.axis,
            "severity": self.severity,
            "confidence": self.confidence,
            "finds": self.finds,
            "why": self.why,
            "fix": self.fix,
            "bad": self.bad,
            "good": self.good,
            "links": list(self.links),
        }


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """All of them, family by family, in the order of their names."""
    from vetting.catalogue import others, own, tools

    found = [*own.rules(), *tools.rules(), *others.rules()]
    return tuple(sorted(map(_linked, found), key=lambda one: (FAMILIES.index(one.family), one.name)))


def rule(name: str) -> Rule | None:
    """The rule that a finding's `check` names. A tool that has rules of its own is described as a whole."""
    known = _by_name()
    family, colon, _ = name.partition(":")
    return known.get(name) or (known.get(f"{family}:*") if colon else None)


def of_code(code: str) -> list[Rule]:
    return [one for one in rules() if code in one.codes]


def title_of(check: str) -> str:
    """What a finding of this rule found, in a few words; "" where the finding says so itself. Cheap."""
    from vetting.catalogue import others, own

    return own.title_of(check) or others.title_of(check)


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
