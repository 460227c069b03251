"""Documents in other markup as Markdown, row for row: reStructuredText, AsciiDoc, Org.

Only what a reader of Markdown must know is written anew: where code begins and ends, in what language, and headings.
"""

import re
from collections.abc import Callable

_MARK = "~~~~~~~~"  # longer than what somebody writes into the code itself
_MARGIN = re.compile(r"[ \t]*")


def as_markdown(path: str, text: str) -> str:
    """The document as Markdown; one in no markup of these stays as it is."""
    reader = _READERS.get(path.rsplit(".", 1)[-1].lower())
    return "\n".join(reader(text.replace("\r\n", "\n").split("\n"))) if reader else text


def _margin(row: str) -> int:
    return len(_MARGIN.match(row).group().expandtabs())


_DIRECTIVE = re.compile(
    r"^([ \t]{0,40})\.\.[ \t]{1,4}(?:code-block|code|sourcecode|prompt|highlight|parsed-literal|raw|ipython|jupyter-execute"
    r"|program-output|command-output)::[ \t]{0,4}([\w+-]{0,30})"
)
_OPTION = re.compile(r"^[ \t]{1,40}:[\w-]{1,40}:")


def _rest(rows: list[str]) -> list[str]:
    """reStructuredText: code stands below a directive or a paragraph that ends in two colons, further in than these."""
    out, at = [], 0
    while at < len(rows):
        row = rows[at]
        match = _DIRECTIVE.match(row)
        if match is None and not row.rstrip().endswith("::"):
            out.append(row)
            at += 1
            continue
        end = _end_of_indented(rows, at + 1, _margin(row))
        if end == at + 1:
            out.append(row)
            at += 1
            continue
        out += _fence_of_rest(rows[at:end], match)
        at = end
    return out


def _end_of_indented(rows: list[str], at: int, margin: int) -> int:
    """The row behind the last one that stands further in."""
    end = at
    while at < len(rows) and (not rows[at].strip() or _margin(rows[at]) > margin):
        at += 1
        end = at if rows[at - 1].strip() else end
    return end


def _fence_of_rest(rows: list[str], match: re.Match | None) -> list[str]:
    """The code in a fence that begins on the row before it; the row that closes it is the blank one behind."""
    first = 1
    while first < len(rows) and (not rows[first].strip() or (match is not None and _OPTION.match(rows[first]))):
        first += 1
    lead = [rows[0].rstrip()[:-1] if match is None else ""] + [""] * (first - 1)
    lead[-1] = (lead[-1] + "\n" if first == 1 and match is None else "") + _MARK + (match.group(2) if match else "")
    margin = min(_margin(row) for row in rows[first:] if row.strip())
    return [*lead, *(row.expandtabs()[margin:] for row in rows[first:]), _MARK] if first < len(rows) else rows


def _closed_on_blank(rows: list[str]) -> list[str]:
    """A fence that was closed on a row of its own takes the blank row below it, so that rows stay where they are."""
    out: list[str] = []
    for at, row in enumerate(rows):
        if not row.strip() and at and rows[at - 1] == _MARK:
            continue
        out.append(row)
    return out


_ADOC_STYLE = re.compile(
    r"^\[(?:source|listing|,|console|shell|bash)[\w%]{0,40}(?:[ \t]{0,4},[ \t]{0,4}([\w+-]{1,30}))?[^\]\n]{0,200}\][ \t]*$"
    r"|^\[,[ \t]{0,4}([\w+-]{1,30})[^\]\n]{0,200}\][ \t]*$"
)
_ADOC_BOUND = re.compile(r"^(-{4,}|\.{4,}|-{2}|`{3,}[\w+-]*)[ \t]*$")
_ADOC_HEADING = re.compile(r"^(={1,6})[ \t]+(?=\S)")


def _asciidoc(rows: list[str]) -> list[str]:
    out, at, lang, styled = [], 0, "", False
    while at < len(rows):
        row = rows[at]
        if style := _ADOC_STYLE.match(row):
            lang, styled = style.group(1) or style.group(2) or "", True
            out.append("")
        elif (bound := _ADOC_BOUND.match(row)) and (styled or len(bound.group(1)) > 3):
            end = next((k for k in range(at + 1, len(rows)) if rows[k].rstrip() == row.rstrip()), len(rows))
            out += [_MARK + lang, *rows[at + 1 : end], *([_MARK] if end < len(rows) else [])]
            at, lang, styled = end, "", False
        elif styled and row.strip() and not row.startswith("."):
            end = next((k for k in range(at, len(rows)) if not rows[k].strip()), len(rows))
            # The row that said so is where the fence begins.
            out[-1] = _MARK + lang
            out += [*rows[at:end], _MARK]
            at, lang, styled = end, "", False
        else:
            out.append(_ADOC_HEADING.sub(lambda m: "#" * len(m.group(1)) + " ", row))
        at += 1
    return out


_ORG_BEGIN = re.compile(r"^[ \t]{0,40}#\+begin_(?:src|example|export|comment)[ \t]{0,4}([\w+-]{0,30})", re.I)
_ORG_END = re.compile(r"^[ \t]{0,40}#\+end_(?:src|example|export|comment)\b", re.I)
_ORG_HEADING = re.compile(r"^(\*{1,6})[ \t]+(?=\S)")
_ORG_INLINE = re.compile(r"\bsrc_[\w-]{1,20}(?:\[[^\]\n]{0,200}\])?\{([^}\n]{1,2000})\}")


def _org(rows: list[str]) -> list[str]:
    out, inside = [], False
    for row in rows:
        if not inside and (begin := _ORG_BEGIN.match(row)):
            out.append(_MARK + begin.group(1))
            inside = True
        elif inside:
            inside = not _ORG_END.match(row)
            out.append(row if inside else _MARK)
        else:
            row = _ORG_INLINE.sub(r"`\1`", row)
            out.append(_ORG_HEADING.sub(lambda m: "#" * len(m.group(1)) + " ", row))
    return out


def _rst(rows: list[str]) -> list[str]:
    return _closed_on_blank(_rest(rows))


_READERS: dict[str, Callable[[list[str]], list[str]]] = {
    "rst": _rst, "rest": _rst, "adoc": _asciidoc, "asciidoc": _asciidoc, "asc": _asciidoc, "org": _org,
}  # fmt: skip
