"""What things may be called: handles, skill names and versions; which names are kept back; which look alike."""

import re
from functools import total_ordering

from django.core.exceptions import ValidationError

HANDLE = re.compile(r"[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?")
SKILL_NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")

# The first path segment of a page or a file of the site: such a handle's pages could never be reached.
PATHS = frozenset(
    ["about", "account", "accounts", "admin", "api", "assets", "auth", "badge", "browse", "docs", "explore", "favicon", "healthz", "help", "home", "login", "logout", "media", "metrics", "new", "oauth", "publish", "publisher", "publishers", "robots", "search", "settings", "signup", "skill", "skills", "static", "well-known"]
)
# Names that speak for the house. The operator may hand them out; nobody takes one.
VOICES = frozenset(
    ["assay", "everyone", "moderator", "moderators", "nobody", "null", "official", "operator", "owner", "postmaster", "root", "security", "staff", "support", "system", "team", "trust", "undefined", "verified", "webmaster", "www"]
)
# Words with a meaning of their own in an address, and names that Windows cannot store.
RESERVED_SKILL_NAMES = frozenset(
    ["latest", "new", "edit", "settings", "releases", "ratings", "rating", "report", "badge", "skill", "skills", "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"]
)

_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "-": "", "_": ""})


def skeleton(name: str) -> str:
    """What a hurried reader sees: names with one skeleton are taken for each other (pdf-tools, pdft00ls)."""
    return name.lower().translate(_LOOKALIKES).replace("rn", "m").replace("vv", "w")


def handle_problem(handle: str, *, operator: bool = False) -> str:
    """Why a publisher cannot be called this, in one sentence; "" when it can."""
    if not HANDLE.fullmatch(handle) or "--" in handle:
        return "A handle is 1 to 39 lower-case letters, digits and single hyphens, with no hyphen at either end."
    if handle in PATHS or (handle in VOICES and not operator):
        return f"The handle {handle!r} is reserved."
    return ""


def validate_username(username: str) -> None:
    """A username is a possible handle, because a person publishes under it."""
    if problem := handle_problem(username):
        raise ValidationError(problem.replace("A handle", "A username").replace("The handle", "The username"))


def validate_username_is_free(username: str) -> None:
    """A newcomer may not take, or pass for, a publisher who is here."""
    from marketplace.models import Publisher

    if Publisher.objects.filter(skeleton=skeleton(username)).exists():
        raise ValidationError("This username is taken, or too like the handle of a publisher who is here.")


username_validators = [validate_username, validate_username_is_free]

_VERSION = re.compile(
    r"v?(?P<major>\d{1,9})(?:\.(?P<minor>\d{1,9}))?(?:\.(?P<patch>\d{1,9}))?"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)


@total_ordering
class Version:
    """A semantic version: `1.2` reads as 1.2.0, and a pre-release comes before its release."""

    def __init__(self, text: str) -> None:
        match = _VERSION.fullmatch(text.strip())
        if match is None or len(text) > 64:
            raise ValueError(f"{text[:64]!r} is no version: write MAJOR.MINOR.PATCH, such as 1.0.0 or 1.0.0-rc.1.")
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
        return hash(str(self))

    def next(self) -> "Version":
        """What follows when the author named none: the release of a pre-release, else one patch more."""
        major, minor, patch = self.core
        return Version(f"{major}.{minor}.{patch}" if self.pre else f"{major}.{minor}.{patch + 1}")
