"""A stranger's Markdown as a safe piece of a page: no HTML of theirs, no image from elsewhere, headings below ours."""

import posixpath
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from marketplace.unseen import as_text

LONGEST = 200_000
HEADING_SHIFT = 2
TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s"),
    *("strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
# "*" would otherwise let a title stand on every tag.
ATTRIBUTES = {"*": set(), "a": {"href"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


@lru_cache(maxsize=256)
def render(text: str, files_url: str = "") -> SafeString:
    """Markdown to HTML. Links to files of the bundle lead to their pages below files_url; robots follow no other."""
    cut = len(text) > LONGEST
    tokens = _parser.parse(as_text(text[:LONGEST]))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"
        if token.children:
            token.children = _without_images(token.children, files_url)
    html = nh3.clean(
        _parser.renderer.render(tokens, _parser.options, {}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    # A listing that scrolls sideways has to be reachable by keyboard.
    html = html.replace("<pre>", '<pre tabindex="0">')
    if cut:
        html += "<p><em>The rest is not shown here: the text is longer than 200,000 characters.</em></p>"
    return mark_safe(html)  # noqa: S308 - nh3 allowed nothing but the tags above


def _without_images(tokens: list[Token], files_url: str) -> list[Token]:
    """Links point inside the bundle or out; an image becomes a link that a reader may choose to follow."""
    kept: list[Token] = []
    for token in tokens:
        if token.type == "link_open":
            token.attrs["href"] = _inside(str(token.attrs.get("href", "")), files_url)
        if token.type != "image":
            kept.append(token)
            continue
        where = _inside(str(token.attrs.get("src", "")), files_url)
        kept.append(Token("link_open", "a", 1, attrs={"href": where}))
        kept.append(Token("text", "", 0, content=f"image: {token.content or 'without a description'}"))
        kept.append(Token("link_close", "a", -1))
    return kept


def _inside(href: str, files_url: str) -> str:
    """A relative address as the page of that file of the bundle; anything else as it stands."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or href.startswith(("/", "#")) or not files_url or not parts.path:
        return href
    path = posixpath.normpath(unquote(parts.path))
    return href if path.startswith("..") else files_url + quote(path)
