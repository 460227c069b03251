"""What a skill may be called, which names no skill gets, and when one name poses as another."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

SKILL_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")

# A skill is installed as a folder of its name, so names that Windows keeps for devices cannot be installed there.
DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
# Words that are, or may become, a page below /owner/.
PAGES = {"new", "edit", "delete", "latest", "settings", "releases", "versions"}
PAGES |= {"report", "reports", "rating", "ratings"}
RESERVED_SKILLS = DEVICES | PAGES | {"badge", "feed", "skill", "skills"}

# Characters that read alike in common fonts, each to the one that stands for its group.
ALIKE = str.maketrans("0135i", "olesl")
TWINS = (("rn", "m"), ("vv", "w"))


def skill_name_problem(name: str) -> str:
    """Why a skill cannot be called this; "" when it can."""
    if not name:
        return "the name is empty"
    if len(name) > 64:
        return "the name is longer than 64 characters"
    if "--" in name:
        return "the name has two hyphens in a row"
    if not SKILL_NAME.fullmatch(name):
        return "a name is made of a-z, 0-9 and single hyphens, and neither starts nor ends with a hyphen"
    if name in RESERVED_SKILLS:
        return "the name is reserved"
    return ""


def slug(text: str) -> str:
    """The nearest well-formed skill name, for a fix to suggest; "" when nothing of the text can stay."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")


@lru_cache(maxsize=8192)
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
    if abs(len(name) - len(other)) > 1:
        return False
    # Most skills never get here, so they need not wait until it is loaded.
    from rapidfuzz.distance import DamerauLevenshtein

    if DamerauLevenshtein.distance(name, other, score_cutoff=1) > 1:
        return False
    # A trailing digit or plural is how honest variants are named: pdf-tools-2, pdf-tool.
    shorter, longer = sorted((name, other), key=len)
    if longer.startswith(shorter) and longer[-1] in "0123456789s" and longer[-1] != shorter[-1]:
        return False
    return not (name[:-1] == other[:-1] and name[-1].isdigit() and other[-1].isdigit())
