"""Office documents: their text, comments and notes as prose, what they load from elsewhere, and whether macros are in."""

import re
from html import unescape

NAME = re.compile(r"\.(?:docx|docm|dotx|dotm|xlsx|xlsm|xltm|xlam|pptx|pptm|ppsm|od[tspg]|epub)$", re.I)
_TEXT = re.compile(
    r"(?:^|/)(?:document|comments\w*|footnotes|endnotes|header\d*|footer\d*|sharedStrings|content|meta|core"
    r"|custom)\.xml$"
    r"|/slides?/|/notesSlides?/|/comments/|/worksheets/|/slide\w*\.xml$|\.x?html?$",
    re.I,
)
_MACRO = re.compile(r"(?:^|/)vba(?:Project|Data)\.\w{3}$", re.I)
_SCRIPTS = re.compile(r"(?:^|[/!])(?:Basic|Scripts)/", re.I)
_SCRIPT_ENDS = (".xml", ".xba", ".py", ".js", ".bsh")
_BREAKS = re.compile(
    r"</(?:w:p|a:p|text:p|text:h|p|h\d|li|si|row|w:tr|div|tr)>|<(?:w:br|w:cr|br|text:line-break)\b[^>]{0,200}>"
)
_TAG = re.compile(r"<[^<>]*+>")
_EXTERNAL = re.compile(r"<Relationship\b(?=[^>]{0,4000}TargetMode\s{0,3}=\s{0,3}[\"']External)[^>]{0,4000}>", re.I)
_TARGET = re.compile(r"Target\s{0,3}=\s{0,3}[\"']([^\"']{1,2000})[\"']", re.I)
# What a document fetches by being opened; a hyperlink waits for a click.
_LOADED = re.compile(r"/(?:attachedTemplate|oleObject|frame|subDocument|externalLink\w*|package)[\"']", re.I)

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_macro(name: str) -> bool:
    return bool(_MACRO.search(name) or (name.lower().endswith(_SCRIPT_ENDS) and _SCRIPTS.search(name)))


def text_of(name: str, xml: str) -> str:
    """The prose of one member, "" where it holds none."""
    inner = name.rsplit("!", 1)[-1]
    if not _TEXT.search(inner):
        return ""
    plain = unescape(_TAG.sub("", _BREAKS.sub("\n", xml)))
    return "\n".join(line for row in plain.split("\n") if (line := " ".join(row.split())))


def loads_from(xml: str) -> list[str]:
    """Addresses that the document fetches as soon as it is opened."""
    found = (match.group() for match in _EXTERNAL.finditer(xml))
    return [target.group(1) for one in found if _LOADED.search(one) and (target := _TARGET.search(one))]


def has_old_macros(data: bytes) -> bool:
    """A compound file of old Office with a VBA project; its directory names the streams in UTF-16."""
    return data.startswith(OLD) and any(word.encode("utf-16-le") in data for word in ("_VBA_PROJECT", "VBA", "Macros"))
