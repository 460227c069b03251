"""One file here is one static check, and the folder is the registry: adding a check touches no other file.

A check is a module with
- a docstring: the title on the first line, then what it finds, then, after "Why it matters:", why. The "why was I
  flagged?" panel and the reference page are made of it;
- CODE of the taxonomy, AXIS, SEVERITY and CONFIDENCE of its hits unless a hit says otherwise, and FIX;
- BAD and GOOD examples, each a SKILL.md text or a {path: text}: the tests make every BAD fire and leave every GOOD;
- find(skill), which yields hits.
"""

import importlib
import logging
import pkgutil
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.hit import Hit
from vetting.reading.prefilter import guard_module
from vetting.reading.skill import Skill
from vetting.reading.text import excerpt
from vetting.taxonomy import links_of

log = logging.getLogger(__name__)
Example = str | dict[str, str]
EVIDENCE = 300


@dataclass(frozen=True)
class Check:
    """A check's module, read once."""

    name: str
    code: str
    axis: Axis
    severity: Severity
    confidence: Confidence
    title: str
    finds: str
    why: str
    fix: str
    bad: Sequence[Example]
    good: Sequence[Example]
    find: Callable[[Skill], Iterable[Hit]]

    def finding(self, hit: Hit) -> Finding:
        return Finding(
            code=self.code,
            check=self.name,
            severity=self.severity if hit.severity is None else hit.severity,
            confidence=self.confidence if hit.confidence is None else hit.confidence,
            axis=hit.axis or self.axis,
            file=hit.file,
            line=hit.line,
            evidence=excerpt(hit.evidence, EVIDENCE),
            decoded=excerpt(hit.decoded, EVIDENCE) if hit.decoded else "",
            why=hit.why or self.why,
            fix=self.fix,
            blocklisted=hit.blocklisted,
            links=links_of(self.code),
        )


@dataclass(frozen=True)
class Unloadable:
    """A file of the folder that cannot be loaded, and why."""

    name: str
    reason: str


def _sections(docstring: str) -> tuple[str, str, str]:
    """Title, what it finds, why it matters."""
    title, _, rest = docstring.strip().partition("\n")
    finds, _, why = rest.partition("Why it matters:")
    return title.strip().rstrip("."), _paragraphs(finds), _paragraphs(why)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def load(name: str) -> Check:
    module = importlib.import_module(f"{__name__}.{name}")
    guard_module(module)
    title, finds, why = _sections(module.__doc__ or "")
    return Check(
        name,
        module.CODE,
        module.AXIS,
        module.SEVERITY,
        module.CONFIDENCE,
        title,
        finds,
        why,
        module.FIX,
        module.BAD,
        module.GOOD,
        module.find,
    )


def checks() -> tuple[Check, ...]:
    """Every check of the folder that can be loaded, by name."""
    return _folder()[0]


def unloadable() -> tuple[Unloadable, ...]:
    """The others. What they would have found is unknown, so no skill passes until they are mended."""
    return _folder()[1]


@lru_cache(maxsize=1)
def _folder() -> tuple[tuple[Check, ...], tuple[Unloadable, ...]]:
    """Read once; a file that breaks, in whatever way, keeps no other from being loaded."""
    good, bad = [], []
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")):
        try:
            good.append(load(name))
        except (Exception, SystemExit) as error:
            log.exception("check %s cannot be loaded", name)
            bad.append(Unloadable(name, f"{type(error).__name__}: {error}"[:300]))
    return tuple(good), tuple(bad)


def described(name: str) -> Check | None:
    """The check of this name, for the panel that explains a finding."""
    return next((check for check in checks() if check.name == name), None)
