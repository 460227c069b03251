"""The hallmark strip: the four marks struck on every release, drawn as inline SVG, and the badge others embed.

Publisher's mark, safety verdict, quality fineness, date letter. Each mark has a shape of its own and the verdict a
glyph of its own, so the strip can be read without colour; its title and description can be read without eyes.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Twenty-five letters a cycle, as the assay offices have it: j is left out because it was taken for an i.
DATE_LETTERS = "abcdefghiklmnopqrstuvwxyz"
FIRST_YEAR = 2026

VERDICT_WORDS = {"pass": "Passed", "warn": "Caution", "block": "Refused", "unknown": "Undecided"}

# One outline for each verdict, in a box of 44 by 44.
OUTLINES = {
    "pass": "M22 2 40 7v15c0 10-7 16-18 20C11 38 4 32 4 22V7z",
    "warn": "M22 3 42 40H2z",
    "block": "M14 2h16l12 12v16L30 42H14L2 30V14z",
    "unknown": "M22 2a20 20 0 1 0 0 40 20 20 0 1 0 0-40z",
}
GLYPHS = {
    "pass": "M13 22l6.5 6.5L31 16",
    "warn": "M22 17v11M22 33v.6",
    "block": "M15 15l14 14M29 15 15 29",
    "unknown": "M17 17.5c0-3 2.2-5 5-5s5 1.9 5 4.6c0 4-5 4.2-5 8.4M22 31v.6",
}
PUBLISHER_OUTLINE = "M8 5h40l6 6v22l-6 6H8l-6-6V11z"
FINENESS_OUTLINE = "M14 6h44c8 0 12 7 12 16s-4 16-12 16H14C6 38 2 31 2 22S6 6 14 6z"
DATE_OUTLINE = "M6 3h36v24c0 8-8 12-18 15C14 39 6 35 6 27z"

# The badge stands on strangers' pages, where no stylesheet of ours reaches: its colours are written into it.
BADGE_COLOURS = {"pass": "#1d6b43", "warn": "#8a5a00", "block": "#a3222a", "unknown": "#55596b"}


@dataclass(frozen=True, slots=True)
class Hallmark:
    """What the four marks say."""

    handle: str
    verdict: str
    quality: float | None
    struck: datetime | None

    @property
    def initials(self) -> str:
        """The sponsor's letters: of each part of the handle the first, or its first two."""
        parts = [part for part in self.handle.split("-") if part]
        letters = "".join(part[0] for part in parts[:3]) if len(parts) > 1 else self.handle[:2]
        return letters.upper()

    @property
    def mark(self) -> str:
        return self.verdict if self.verdict in OUTLINES else "unknown"

    @property
    def fineness(self) -> str:
        return fineness(self.quality)

    @property
    def letter(self) -> str:
        return date_letter(self.struck)

    @property
    def title(self) -> str:
        return f"Hallmark: {VERDICT_WORDS[self.mark].lower()}, quality {self.fineness_words}"

    @property
    def fineness_words(self) -> str:
        return f"{self.fineness} of 999" if self.quality is not None else "not yet measured"

    @property
    def description(self) -> str:
        when = f"{self.letter}, {self.struck:%B %Y}" if self.struck else "not struck yet"
        return (
            f"Publisher's mark {self.initials} ({self.handle}). Safety verdict: {VERDICT_WORDS[self.mark].lower()}. "
            f"Quality fineness: {self.fineness_words}. Date letter: {when}."
        )


def fineness(score: float | None) -> str:
    """A score of 0-100 in parts per thousand, as metal is stamped: 87.4 is struck as 873."""
    if score is None:
        return "–"
    return f"{round(min(max(score, 0.0), 100.0) * 9.99):03d}"


def date_letter(when: datetime | None) -> str:
    return DATE_LETTERS[(when.year - FIRST_YEAR) % len(DATE_LETTERS)] if when else "–"


def strip(hallmark: Hallmark, *, uid: str, size: str = "small") -> SafeString:
    """The strip for one of our own pages: colours come from the stylesheet. uid must be unique on the page."""
    return format_html(
        '<svg class="hallmark hallmark-{} mark-{}" viewBox="0 0 246 44" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        size,
        hallmark.mark,
        uid,
        uid,
        uid,
        hallmark.title,
        uid,
        hallmark.description,
        _marks(hallmark),
    )


def _marks(mark: Hallmark) -> SafeString:
    month = f"{mark.struck.month:02d}" if mark.struck else ""
    parts = [
        _mark("publisher", 0, PUBLISHER_OUTLINE, _letters(28, 29, mark.initials, "mark-letters")),
        _mark("verdict", 68, OUTLINES[mark.mark], _glyph(mark.mark)),
        _mark("fineness", 124, FINENESS_OUTLINE, _letters(36, 29, mark.fineness, "mark-letters mark-number")),
        _mark("date", 202, DATE_OUTLINE, _date(mark.letter, month)),
    ]
    return mark_safe("".join(parts))  # noqa: S308 - every part was made by format_html


def _mark(name: str, x: int, outline: str, inside: SafeString) -> SafeString:
    """A sunk cartouche with a hairline inside its edge, and what is raised in it."""
    return format_html(
        '<g class="mark mark-of-{}" transform="translate({} 0)"><path class="mark-ground" d="{}"/>'
        '<path class="mark-edge" d="{}" transform="translate({} 2.64) scale(.88)"/>{}</g>',
        name,
        x,
        outline,
        outline,
        {"publisher": 3.36, "fineness": 4.32, "date": 2.88}.get(name, 2.64),
        inside,
    )


def _letters(x: int, y: int, letters: str, css: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>', css, x, y, letters)


def _glyph(verdict: str) -> SafeString:
    return format_html('<path class="mark-glyph" d="{}"/>', GLYPHS[verdict])


def _date(letter: str, month: str) -> SafeString:
    return format_html(
        '<text class="mark-letters mark-date" x="21" y="28" text-anchor="middle">{}</text>'
        '<text class="mark-month" x="34" y="15" text-anchor="middle">{}</text>',
        letter,
        month,
    )


def badge(hallmark: Hallmark, name: str) -> str:
    """The badge as a whole SVG document. It needs no stylesheet, no script and no colour to be read."""
    word = VERDICT_WORDS[hallmark.mark]
    colour = BADGE_COLOURS[hallmark.mark]
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="196" height="28" viewBox="0 0 196 28" role="img" '
        'aria-labelledby="t d"><title id="t">{}: {}</title><desc id="d">{}</desc>'
        '<rect width="196" height="28" rx="4" fill="#20262d"/><path d="M58 0h134a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H58z" '
        'fill="#eef1f3"/><g font-family="Verdana,DejaVu Sans,sans-serif" font-size="12">'
        '<text x="29" y="18" fill="#fff" text-anchor="middle">assay</text>'
        '<g transform="translate(64 4) scale(.4545)"><path d="{}" fill="{}"/><path d="{}" fill="none" stroke="#fff" '
        'stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"/></g>'
        '<text x="90" y="18" fill="#14181d">{}</text><text x="187" y="18" fill="#14181d" text-anchor="end" '
        'font-weight="bold">{}</text></g></svg>',
        name,
        word.lower(),
        hallmark.description,
        OUTLINES[hallmark.mark],
        colour,
        GLYPHS[hallmark.mark],
        word,
        hallmark.fineness,
    )
