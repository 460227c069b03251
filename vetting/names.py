"""What a skill and a publisher may be called, which names nobody gets, and when one name poses as another."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

SKILL_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
HANDLE = re.compile(r"[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?")

# A skill is installed as a folder of its name, so names that Windows keeps for devices cannot be installed there.
DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
# Words that are, or may become, a page below /owner/.
PAGES = {"new", "edit", "delete", "settings", "releases", "versions", "reports", "ratings", "badge", "feed", "skill-md"}
RESERVED_SKILLS = DEVICES | PAGES
RESERVED_HANDLES = DEVICES | {
    *("about", "account", "accounts", "admin", "administrator", "api", "assay", "auth", "badge", "blog", "browse"),
    *("docs", "download", "explore", "favicon", "healthz", "help", "home", "index", "install", "legal", "login"),
    *("logout", "mcp", "me", "new", "null", "oauth", "official", "privacy", "publish", "publishers", "rankings"),
    *("register", "report", "robots", "root", "search", "security", "settings", "signup", "sitemap", "skill"),
    *("skills", "static", "status", "support", "system", "terms", "undefined", "verified", "well-known", "www"),
}

# Characters that read alike in common fonts, each to the one that stands for its group.
ALIKE = str.maketrans("0135i", "olesl")
TWINS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))


def skill_name_problem(name: str) -> str:
    """Why a skill cannot be called this; "" when it can."""
    problem = _shape_problem(name, SKILL_NAME, 64)
    if not problem and name in RESERVED_SKILLS:
        return f"the name {name} is reserved"
    return problem


def handle_problem(handle: str) -> str:
    """Why a publisher cannot be called this; "" when it can."""
    problem = _shape_problem(handle, HANDLE, 39)
    if not problem and handle in RESERVED_HANDLES:
        return f"the name {handle} is reserved"
    return problem


def _shape_problem(name: str, shape: re.Pattern[str], longest: int) -> str:
    if not name:
        return "the name is empty"
    if len(name) > longest:
        return f"the name is longer than {longest} characters"
    if "--" in name:
        return "the name has two hyphens in a row"
    if not shape.fullmatch(name):
        return "a name is made of a-z, 0-9 and single hyphens, and neither starts nor ends with a hyphen"
    return ""


def slug(text: str) -> str:
    """The nearest well-formed skill name, for a fix to suggest; "" when nothing of the text can stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")


def skeleton(name: str) -> str:
    """The name with separators dropped and look-alike characters made one, so that twins become equal."""
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char)).translate(ALIKE)
    text = re.sub(r"[-_.\s]", "", text)
    for twin, single in TWINS:
        text = text.replace(twin, single)
    return text


def looks_like(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` could be mistaken for, None when there is none. A name is not like itself.

    A twin is equal after look-alike characters are made one. A neighbour is one slip of a finger away (a letter more,
    less, changed or swapped); short names have too many neighbours by chance, so those need six characters.
    """
    known = list(known)
    if name in known:
        return None
    own = skeleton(name)
    for other in known:
        if skeleton(other) == own:
            return other
    for other in known:
        if min(len(name), len(other)) >= 6 and _one_slip(name, other):
            return other
    return None


def _one_slip(name: str, other: str) -> bool:
    if abs(len(name) - len(other)) > 1 or DamerauLevenshtein.distance(name, other, score_cutoff=1) > 1:
        return False
    # A trailing digit or plural is how honest variants are named: pdf-tools-2, pdf-tool.
    shorter, longer = sorted((name, other), key=len)
    if longer.startswith(shorter) and longer[-1] in "0123456789s":
        return False
    return not (name[:-1] == other[:-1] and name[-1].isdigit() and other[-1].isdigit())
