"""Text from elsewhere made harmless for a terminal: what could move the cursor, hide or reorder is shown."""

import unicodedata

# Cc: escapes and other controls. Cf: bidi overrides, zero-width signs, tags. Co, Cs, Cn: nothing a font can show.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def line(value: object, limit: int = 400) -> str:
    """One line: white space is folded, unseen signs are written out as \\u{...}."""
    text = " ".join(_spaces(str(value)).split())
    shown = "".join(_shown(sign) for sign in text[: limit + 1])
    return shown if len(text) <= limit else shown[:limit] + "…"


def lines(value: object, limit: int = 4000) -> str:
    """Several lines; new lines stay, all else as in line()."""
    text = str(value)[:limit].replace("\r\n", "\n").expandtabs(4)
    return "\n".join("".join(_shown(sign) for sign in part) for part in text.split("\n"))


def _spaces(text: str) -> str:
    return "".join(" " if sign in "\t\n\v\f\r" else sign for sign in text)


def _shown(sign: str) -> str:
    if sign.isascii():
        return sign if " " <= sign <= "~" else f"\\u{{{ord(sign):x}}}"
    return f"\\u{{{ord(sign):x}}}" if unicodedata.category(sign) in UNSEEN else sign
