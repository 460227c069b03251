"""What the templates need and Django lacks: the hallmark, icons, scales, and strangers' text made safe to look at."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.html import escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from marketplace import hallmark as hallmarks
from marketplace import unseen

register = template.Library()

# Drawn on a grid of 24 by 24, one stroke each.
ICONS = {
    "pass": "M5 12.5 10 17.5 19.5 7",
    "warn": "M12 7.5v6M12 17v.2M12 2.8 22 20.5H2z",
    "block": "M8.5 8.5l7 7M15.5 8.5l-7 7M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8z",
    "unknown": "M12 2.6a9.4 9.4 0 1 0 0 18.8 9.4 9.4 0 1 0 0-18.8z"
    "M9.5 9.2c.2-1.6 1.2-2.4 2.6-2.4 1.5 0 2.6 1 2.6 2.3 0 2.2-2.7 2.3-2.7 4.6M12 17v.2",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13zM15.5 15.5 21 21",
    "theme": "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "clock": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "download": "M12 4v11M7 10.5 12 15.5l5-5M5 20h14",
    "skip": "M6 12h12",
    "star": "M12 3.5 14.6 9l6 .8-4.4 4.2 1.1 6L12 17.1 6.700 20l1.1-6L3.400 9.800l6-.8z",
}
SEVERITIES = ("critical", "high", "medium", "low", "info")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing that says nothing the words beside it do not say."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        name,
        ICONS[name],
    )


@register.filter
def whole_options(text: object) -> SafeString:
    """A command whose options stay whole where a line ends: browsers take their hyphens for a place to part them."""
    parts = re.split(r"(?<=\s)(-\S+)", str(text))
    marked = (format_html('<span class="nowrap">{}</span>', part) if n % 2 else part for n, part in enumerate(parts))
    return format_html_join("", "{}", ((part,) for part in marked))


@register.simple_tag
def skill_hallmark(skill, uid: str, size: str = "small") -> SafeString:
    """The strip of a skill's newest published release."""
    mark = hallmarks.Hallmark(
        handle=skill.full_name.partition("/")[0],
        verdict=skill.verdict or "unknown",
        quality=skill.quality_score,
        struck=skill.published_at,
    )
    return hallmarks.strip(mark, uid=uid, size=size)


@register.simple_tag
def sample_hallmark(uid: str) -> SafeString:
    """A strip to explain the marks on."""
    sample = hallmarks.Hallmark("assay-office", "pass", 87.4, datetime(hallmarks.FIRST_YEAR, 11, 24, tzinfo=UTC))
    return hallmarks.strip(sample, uid=uid, size="large")


@register.simple_tag
def release_hallmark(release, handle: str, uid: str, size: str = "large") -> SafeString:
    mark = hallmarks.Hallmark(handle, release.verdict, release.quality_score, release.concluded_at)
    return hallmarks.strip(mark, uid=uid, size=size)


@register.simple_tag
def scale(value: float | None, kind: str = "quality") -> SafeString:
    """A ruler from 0 to 100 with the score struck on it; the number itself stands beside it in words."""
    ticks = "".join(f"M{x} 10v{6 if x % 50 else 10}" for x in range(0, 201, 20))
    width = 0 if value is None else round(min(max(value, 0.0), 100.0) * 2, 1)
    return format_html(
        '<svg class="scale scale-{}" viewBox="-1 0 202 22" aria-hidden="true" focusable="false" '
        'preserveAspectRatio="none"><path class="scale-ticks" d="{}"/><path class="scale-track" d="M0 6h200"/>'
        '<path class="scale-value" d="M0 6h{}"/></svg>',
        kind,
        ticks,
        width,
    )


@register.filter
def seen(text: object) -> SafeString:
    """Escaped, every invisible character written out."""
    return unseen.as_html("" if text is None else str(text))


@register.filter
def highlight(text: object, words: Iterable[str]) -> SafeString:
    """Escaped, with the words of a search marked where they begin a word of the text."""
    wanted = [re.escape(word) for word in words if word]
    plain_text = unseen.as_text("" if text is None else str(text))
    if not wanted:
        return unseen.as_html(plain_text)
    pattern = re.compile(rf"\b(?:{'|'.join(wanted)})\w*", re.IGNORECASE)
    parts, end = [], 0
    for match in pattern.finditer(plain_text):
        parts += [escape(plain_text[end : match.start()]), format_html("<mark>{}</mark>", match[0])]
        end = match.end()
    return mark_safe("".join([*parts, escape(plain_text[end:])]))  # noqa: S308 - every part was escaped


@register.filter
def prose(text: object) -> SafeString:
    """Paragraphs of our own words, with `code` as code."""
    parts = [part for part in re.split(r"\n\s*\n", str(text or "")) if part.strip()]
    marked = (re.sub(r"`([^`]+)`", r"<code>\1</code>", seen(part)) for part in parts)
    return mark_safe("".join(f"<p>{part}</p>" for part in marked))  # noqa: S308 - seen() escaped it


@register.filter
def is_choices(field) -> bool:
    """Whether a field is a group of boxes or knobs, which needs a legend instead of a label."""
    return getattr(field.field.widget, "input_type", "") in ("radio", "checkbox") and hasattr(
        field.field.widget, "choices"
    )


@register.filter
def plain(text: object) -> str:
    """The same for titles and attributes, where no markup may stand."""
    return unseen.as_text("" if text is None else str(text))


@register.filter
def score(value: float | None) -> str:
    """A score as people read it: whole, or a dash while nothing was measured."""
    return "–" if value is None else f"{value:.0f}"


@register.filter
def fineness(value: float | None) -> str:
    return hallmarks.fineness(value)


@register.filter
def percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


@register.filter
def signed(value: float | None) -> str:
    """A difference, with a real minus sign."""
    if value is None:
        return ""
    number = f"{abs(value):.1f}".removesuffix(".0")
    return f"{'−' if value < 0 else '+'}{number}"


@register.filter
def seconds(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 90:
        return f"{int(value // 60)} min {int(value % 60)} s"
    return f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


@register.filter
def size(count: int | None) -> str:
    """Bytes as people read them."""
    if count is None:
        return ""
    if count < 1000:
        return f"{count} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    return f"{count:.1f} TB"


@register.filter
def abs_size(count: int) -> str:
    return size(abs(count))


@register.filter
def verdict_word(verdict: str) -> str:
    return hallmarks.VERDICT_WORDS.get(verdict, "Undecided")


@register.filter
def short_digest(digest: str) -> str:
    """The first twelve digits, enough to tell two apart by eye."""
    return digest.removeprefix("sha256:")[:12]


@register.filter
def moment(value: object) -> datetime | None:
    """A time of a report document, as a datetime that the date filter takes."""
    return parse_datetime(value) if isinstance(value, str) else value


@register.filter
def stars(count: float | None) -> SafeString:
    """Five stars, so many of them full, with the number for whoever cannot see them."""
    full = round(count or 0)
    drawn = "".join(
        f'<svg class="star{" star-full" if n < full else ""}" viewBox="0 0 24 24"><path d="{ICONS["star"]}"/></svg>'
        for n in range(5)
    )
    label = f"{count:.1f}".removesuffix(".0") if count else "no"
    return mark_safe(f'<span class="stars" role="img" aria-label="{label} of 5 stars">{drawn}</span>')  # noqa: S308


@register.filter
def get(mapping: dict, key: str) -> object:
    return mapping.get(key) if isinstance(mapping, dict) else None


@register.simple_tag(takes_context=True)
def with_query(context: dict, **changes: object) -> str:
    """This page's query string with some of its fields changed; an empty value drops the field, and so does paging."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return "?" + urlencode([(key, value) for key, value in query.items() if value != ""])
