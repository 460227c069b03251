"""Letters without case, as patterns that ignore case take them: then a word of a pattern is looked for as plain text."""

from re import _casefix

# Of letters that pass for one another though lower case keeps them apart (s and the long s, two forms of sigma), the first.
_SAME = {code: min(code, *others) for code, others in _casefix._EXTRA_CASES.items()}


def lowered(text: str) -> str:
    """The text in lower case, each letter where it stood."""
    if text.isascii():
        return text.lower()
    # The only letter whose lower case is two.
    return text.replace("\u0130", "i").lower().translate(_SAME)
