"""Letters without case, as patterns that ignore case take them: then a word of a pattern is looked for as plain text."""

from re import _casefix

# Of letters that pass for one another though lower case keeps them apart (s and the long s, two forms of sigma), the first.
_SAME = {code: first for code, others in _casefix._EXTRA_CASES.items() if (first := min(code, *others)) != code}
_FEW = frozenset(map(chr, _SAME))


def lowered(text: str) -> str:
    """The text in lower case, each letter where it stood."""
    if text.isascii():
        return text.lower()
    # The only letter whose lower case is two.
    lower = text.replace("\u0130", "i").lower()
    return lower if _FEW.isdisjoint(lower) else lower.translate(_SAME)
