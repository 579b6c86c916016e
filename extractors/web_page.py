"""An HTML page to a `Page`: recognise the template, cut out the article, split head and text."""

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extractors.complexity import too_many
from extractors.markup import Reader
from extractors.metadata import machine_days, machine_sections, machine_titles
from extractors.once import once
from extractors.page import Page
from extractors.release import Unreadable
from extractors.site import ARTICLE_WORDS, BESIDE_TAGS, LISTING_MARK, RAW_TAGS, TEMPLATES, Template
from extractors.text import visible
from extractors.web_head import Clues, WebHead

_TO_CUT = re.compile(f"<(?:{RAW_TAGS},{BESIDE_TAGS})".replace(",", "|"))


def read_web_page(html: bytes, url: str) -> Page | Unreadable:
    """The head and article of a page in UTF-8, which Lexbor reads as it is, or why it is none."""
    tree = LexborHTMLParser(html)
    template = next((item for item in TEMPLATES if tree.css_first(item.mark)), None)
    if template is not TEMPLATES[0] and tree.css_first(LISTING_MARK):
        return Unreadable("listing", "an index or month page", "a release page")
    if template is None:
        return Unreadable(
            "unknown-template", _outline(tree), "a heading: " + "; ".join(item.mark for item in TEMPLATES)
        )
    unknown = template.name == "semantic"
    titles = tuple(machine_titles(tree)) if unknown else ()
    sections = tuple(machine_sections(tree)) if unknown else ()
    days = tuple(machine_days(tree)) if unknown else ()
    reader = Reader(former=template.name in {"former", "old-english"})
    blocks = reader.read(_article(tree, template))
    if refusal := too_many(len(blocks)):
        return refusal
    blocks = once(blocks)
    clues = Clues(template.name, _html_lang(tree), titles, days, tuple(reader.times), sections)
    page = WebHead(url, blocks, clues).page()
    if isinstance(page, Page) or unknown:
        return page
    # The metadata is asked only where the text has no day: searching the whole page for it is slow.
    return WebHead(url, blocks, replace(clues, days=tuple(machine_days(LexborHTMLParser(html))))).page()


def _article(tree: LexborHTMLParser, template: Template) -> str:
    roots = (_with_title(tree, selector) for selector in template.roots)
    root = next((node for node in roots if node), None) or tree.body
    if root is None:
        return ""
    html = root.html or ""
    if _TO_CUT.search(html):
        _cut(root)
        html = root.html or ""
    return visible(html)


def _cut(root: LexborNode) -> None:
    for node in root.css(RAW_TAGS):
        node.decompose()
    for node in root.css(BESIDE_TAGS):
        if not any(word in node.text() for word in ARTICLE_WORDS) and _is_beside(node):
            node.decompose()


def _is_beside(node: LexborNode) -> bool:
    """Whether a footer or aside is the site's: an aside without links may be the article's own grey box."""
    return node.tag == "footer" or node.css_first("a[href]") is not None


def _with_title(tree: LexborHTMLParser, selector: str) -> LexborNode | None:
    nodes = tree.css(selector)[:50]
    wanted = ("h1,.p-press-release-material__heading", "h2", "*")
    return next((node for heading in wanted for node in nodes if node.css_first(heading)), None)


def _html_lang(tree: LexborHTMLParser) -> str:
    node = tree.root
    return ((node.attributes.get("lang") if node else None) or "")[:2].lower()


def _outline(tree: LexborHTMLParser) -> str:
    title = tree.css_first("title")
    tags = [name for name in ("main", "article", "h2", "p", "table") if tree.css_first(name)]
    return f"title {(title.text() if title else '')[:80]!r} with {', '.join(tags) or 'no'} elements"
