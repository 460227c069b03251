"""What is said of one rule, whatever it belongs to."""

from dataclasses import dataclass


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
