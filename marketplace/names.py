"""What things may be called here: handles on top of vetting's rules, and versions."""

import re
from functools import total_ordering

from vetting.names import DEVICES, skeleton

__all__ = ["Version", "handle_problem", "skeleton"]

HANDLE = re.compile(r"[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?")

# First segments of the site's own addresses, and device names of Windows: a handle there could not be reached or kept.
UNREACHABLE = DEVICES | {
    *("about", "account", "accounts", "api", "assets", "auth", "badge", "browse", "checks", "device", "docs"),
    *(
        "explore",
        "favicon",
        "feed",
        "healthz",
        "help",
        "home",
        "index",
        "install",
        "legal",
        "login",
        "logout",
        "mcp",
        "media",
        "metrics",
    ),
    *("new", "oauth", "privacy", "publish", "publisher", "publishers", "rankings", "register", "report", "robots"),
    *("search", "settings", "signup", "sitemap", "skill", "skills", "static", "terms", "well-known"),
}
# Names that speak for the house. The operator may hand them out; nobody takes one.
VOICES = {
    *("admin", "administrator", "assay", "everyone", "me", "moderator", "nobody", "null", "official", "operator"),
    *("owner", "root", "security", "staff", "status", "support", "system", "team", "undefined", "verified", "www"),
}


def handle_problem(handle: str, *, operator: bool = False) -> str:
    """Why a publisher cannot be called this; "" when it can."""
    if not handle:
        return "the name is empty"
    if len(handle) > 39:
        return "the name is longer than 39 characters"
    if not HANDLE.fullmatch(handle) or "--" in handle:
        return "a name is made of a-z, 0-9 and single hyphens, and neither starts nor ends with a hyphen"
    if handle in UNREACHABLE or (handle in VOICES and not operator):
        return "the name is reserved"
    return ""


_VERSION = re.compile(
    r"v?(?P<major>\d{1,9})(?:\.(?P<minor>\d{1,9}))?(?:\.(?P<patch>\d{1,9}))?"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)


@total_ordering
class Version:
    """A semantic version: `1.2` reads as 1.2.0, and a pre-release comes before its release."""

    def __init__(self, text: str) -> None:
        match = _VERSION.fullmatch(text.strip())
        if match is None or len(text) > 60:
            raise ValueError(f"{text[:60]!r} is no version: write MAJOR.MINOR.PATCH, such as 1.0.0 or 1.0.0-rc.1.")
        self.core = (int(match["major"]), int(match["minor"] or 0), int(match["patch"] or 0))
        self.pre = match["pre"] or ""

    def __str__(self) -> str:
        return ".".join(map(str, self.core)) + (f"-{self.pre}" if self.pre else "")

    @property
    def _key(self) -> tuple:
        # By semver: numeric parts compare as numbers and come before words; having no pre-release comes last.
        parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in self.pre.split(".")] if self.pre else []
        return self.core, not self.pre, parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._key == other._key

    def __lt__(self, other: "Version") -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return hash(self.core)

    def next(self) -> "Version":
        """What follows when the author named none: the release of a pre-release, else one patch more."""
        major, minor, patch = self.core
        return Version(f"{major}.{minor}.{patch}" if self.pre else f"{major}.{minor}.{patch + 1}")
