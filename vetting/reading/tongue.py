"""In which language a text is written, as far as its smallest words tell; and English without accents that it has none of."""

import re
import unicodedata

ENGLISH = re.compile(r"\b(?:the|and|of|is|are|with|for|this|that)\b")
ABROAD = re.compile(
    r"[\u0400-\u04ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\b(?:der|die|das|und|nicht|den|dem|ein|eine|einen|el"
    r"|los|las|del|al|una|por|para|que|le|les|des|une|pour|dans|il|lo|gli|della|che|não|uma|dos|com|os|sin|sans"
    r"|senza|ohne)\b"
)
_ACCENTED = re.compile("[A-Za-z][\u0300-\u036f]|[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u01cd-\u024f]")
_SMALL = re.compile(
    r"\b(?:the|and|of|is|are|with|for|this|that|your?|to|all|any|not|it|in|on|from|after|as|at|be"
    r"|before|by|do|each|every|if|my|once|or|then|use|when|will|without)\b",
    re.I,
)
_MARKS = re.compile("[\u0300-\u036f]")
_WHOLE = str.maketrans("łøđħŧıŁØĐĦŦ", "lodhtiLODHT")


def in_english_letters(text: str) -> str:
    """A text without accents, where its small words are English: `ïgnore all prévious` is what it looks like."""
    if text.isascii() or not _ACCENTED.search(text):
        return text
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(_WHOLE)
    return bare if len(_SMALL.findall(bare)) > len(ABROAD.findall(text.lower())) else text
