"""Text of a page as HTML that can do nothing: our tags around its escaped words.

What is hostile in a page's Markdown (markup, script links, pictures from elsewhere) comes out as plain text.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

LONGEST: Final = 400_000


def safe_url(url: str | None) -> str | None:
    """The address if a browser may be sent there: http or https, and a host; None for everything else."""
    try:
        parts = urlsplit(url or "")
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return url if good else None


def _maker() -> MarkdownIt:
    # Raw HTML off, images off, addresses not made into links by themselves.
    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable("table")
    made.disable(["image", "html_block", "html_inline", "reference", "code", "fence", "entity"])
    return made


_MAKER: Final = _maker()


def render(text: str) -> Markup:
    """The Markdown of a release as HTML: its headings below ours, its links marked as leading away."""
    tokens = _MAKER.parse(text[:LONGEST])
    _tame(tokens)
    made: str = _MAKER.renderer.render(tokens, _MAKER.options, {})
    return Markup(made)  # noqa: S704 - the renderer escapes every text; the tags are of the list above


def after(text: str, lead: str | None) -> str:
    """The Markdown of a body without the lead it begins with; whole if it begins otherwise."""
    wanted = _letters(lead or "")
    blocks = text.split("\n\n")
    begun = ""
    for number, block in enumerate(blocks):
        if begun == wanted:
            return "\n\n".join(blocks[number:])
        begun += _letters(block)
        if not wanted.startswith(begun):
            return text
    return text


def _letters(text: str) -> str:
    """Letters and digits alone: numbering, escapes and line breaks differ between a lead and Markdown."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


def _tame(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h3"
        if token.type == "link_open":
            _tame_link(token)
        # The alignment of a cell would be an inline style, which our policy forbids.
        token.attrs.pop("style", None)
        _tame(token.children or ())


def _tame_link(token: Token) -> None:
    url = safe_url(str(token.attrs.get("href", "")))
    token.attrs = {"href": url, "rel": "external nofollow noopener noreferrer"} if url else {}
