"""Characters that are there and cannot be seen: made visible wherever a stranger's text is shown.

A right-to-left override turns a line around, a zero-width space splits a word a reader trusts, tag characters carry
whole sentences to a model that no person sees. The page writes their code points in place.
"""

import re
import unicodedata

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

# Controls, soft hyphen, zero-width, directional, invisible operators, BOM, tags, the second variation selectors.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    # A joiner is honest between letters that join, and hides something next to ASCII.
    "|(?<=[\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?=[\x00-\x7f])|[\u200c\u200d]{2,}"
)


def names_of(characters: str) -> str:
    """`U+202E RIGHT-TO-LEFT OVERRIDE`, for each character."""
    return ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'control character')}" for c in characters)


def as_text(text: str) -> str:
    """The text with every unseen character written out, still plain text."""
    return UNSEEN.sub(lambda match: "".join(f"⟦U+{ord(c):04X}⟧" for c in match[0]), text)


def as_html(text: str) -> SafeString:
    """The text escaped for a page, every unseen character a marked code point."""
    parts: list[str] = []
    end = 0
    for match in UNSEEN.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.extend(_marked(character) for character in match[0])
        end = match.end()
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above


def _marked(character: str) -> SafeString:
    return format_html('<span class="unseen" title="{}">U+{}</span>', names_of(character), f"{ord(character):04X}")
