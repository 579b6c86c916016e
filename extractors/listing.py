"""Index, month and category pages: which releases they list, and which months they lead to."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.attachments import absolute
from extractors.complexity import too_much
from extractors.dates import first_date
from extractors.decoding import decode, without_utf_16
from extractors.release import Listed, Listing, Unreadable
from extractors.site import (
    LISTING_BLOCK,
    LISTING_DAY,
    LISTING_ITEM,
    LISTING_LINK,
    LISTING_MARK,
    LISTING_MONTH,
    LISTING_TAG,
    SAYS_EMPTY,
)
from extractors.text import fold, tidy, visible

_SHOWN = 80


def read_listing(payload: bytes, *, url: str, charset: str | None = None) -> Listing | Unreadable:
    """The items of a listing once each in page order, whatever they link to, and its month pages.

    An item that leads to a file or to another host is kept: whether to fetch it is not for the reader to
    say. A page in another markup is `unknown-listing`; one in the known markup without items is
    `empty-listing`, unless it says itself that there are none: zero items must never pass for a quiet month.
    """
    payload = without_utf_16(payload, charset)
    if refusal := too_much(payload, plain=False):
        return refusal
    tree = LexborHTMLParser(decode(payload, charset))
    lang = "en" if urlsplit(url).path.startswith("/en/") else "ja"
    items = _once(_items(tree, url))
    months = tuple(dict.fromkeys(_addresses(tree.css(LISTING_MONTH), url)))
    if items:
        return Listing(url, lang, items, months)
    if not tree.css_first(LISTING_MARK):
        return Unreadable("unknown-listing", _outline(tree), f"a list in the markup {LISTING_MARK}")
    if _says_empty(tree):
        return Listing(url, lang, (), months, says_empty=True)
    return Unreadable(
        "empty-listing", "a list without items", f"{LISTING_ITEM}, or a sentence that there are none"
    )


def _items(tree: LexborHTMLParser, url: str) -> Iterator[Listed]:
    for block in tree.css(LISTING_BLOCK):
        heading = block.css_first(LISTING_DAY) or block.css_first("summary")
        day = first_date(fold(_text(heading))) if heading else None
        for item in block.css(LISTING_ITEM):
            listed = _item(item, url, day.on if day else None)
            if listed:
                yield listed


def _item(item: LexborNode, url: str, published_on: date | None) -> Listed | None:
    link = item.css_first(LISTING_LINK) or item.css_first("a[href]")
    address = absolute(link.attributes.get("href") or "", url) if link else None
    if link is None or address is None:
        return None
    tags = (_text(tag) for tag in item.css(LISTING_TAG))
    return Listed(address, _text(link), published_on, tuple(dict.fromkeys(tag for tag in tags if tag)))


def _once(items: Iterator[Listed]) -> tuple[Listed, ...]:
    """The same address with another title or day is another release: the site reuses its numbers."""
    found: dict[tuple[str, str, date | None], Listed] = {}
    for item in items:
        key = (item.url, item.title, item.published_on)
        known = found.get(key)
        categories = tuple(dict.fromkeys((*(known.categories if known else ()), *item.categories)))
        found[key] = Listed(item.url, item.title, item.published_on, categories)
    return tuple(found.values())


def _addresses(nodes: list[LexborNode], url: str) -> Iterator[str]:
    for node in nodes:
        address = absolute(node.attributes.get("href") or "", url)
        if address:
            yield address


def _text(node: LexborNode) -> str:
    return tidy(visible(node.text()))


def _says_empty(tree: LexborHTMLParser) -> bool:
    root = tree.css_first("main") or tree.body
    return root is not None and SAYS_EMPTY.search(fold(_text(root))) is not None


def _outline(tree: LexborHTMLParser) -> str:
    title = tree.css_first("title")
    return f"a page titled {_text(title)[:_SHOWN]!r}" if title else "a page without a title"
