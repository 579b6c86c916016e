"""What a page says of itself for machines: JSON-LD, Open Graph, `<time>`, `<title>`."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from extractors.site import JAPAN
from extractors.text import tidy, visible

_ISO = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})")
_NEWS = re.compile(
    r"(?:News|Press|Report|Web)?(?:Article|Release|Page)|BlogPosting|GovernmentService|Legislation"
    r"|CreativeWork"
)
_DATE_METAS = (
    "meta[property='article:published_time']",
    "meta[name='article:published_time']",
    "meta[itemprop='datePublished']",
    "meta[name='date']",
    "meta[name='pubdate']",
    "meta[name='publishdate']",
    "meta[name='DC.date.issued']",
    "meta[name='dcterms.issued']",
    "meta[name='DC.date']",
    "meta[name='dcterms.date']",
)
_TITLE_METAS = (
    "meta[property='og:title']",
    "meta[name='og:title']",
    "meta[name='twitter:title']",
    "meta[name='DC.title']",
)
_SITE_TAIL = re.compile(
    r"\s*(?:[|｜]|\s[-–—‐]\s|\s[:：]\s|\s*[＜<／/]\s*)\s*(?:報道発表資料|報道発表|環境省"
    r"|Press Releases?|Ministry of the Environment|MOE)\b.*$|\s*[|｜].*$",
    re.IGNORECASE,
)
_MOST_NODES = 200


def iso_day(text: str) -> date | None:
    """The Japanese day of an ISO 8601 date or time: a time with a zone is moved to Japan's."""
    match = _ISO.match(text)
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(JAPAN).date() if moment.tzinfo else moment.date()
    except ValueError:
        pass
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def machine_days(tree: LexborHTMLParser) -> Iterator[tuple[date, str, str]]:
    """Days of publication that the page's metadata names, with rule and text, best first."""
    for item in json_ld(tree):
        value = item.get("datePublished")
        if isinstance(value, str) and (day := iso_day(value)):
            yield day, "JSON-LD datePublished", value
    for selector in _DATE_METAS:
        node = tree.css_first(selector)
        value = node.attributes.get("content") if node else None
        if value and (day := iso_day(value)):
            yield day, selector, value


def machine_titles(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Titles that the page's metadata names, with their rule, best first, without the site's name."""
    for item in json_ld(tree):
        value = item.get("headline")
        if isinstance(value, str) and value.strip():
            yield tidy(visible(value)), "JSON-LD headline"
    for selector in _TITLE_METAS:
        node = tree.css_first(selector)
        value = node.attributes.get("content") if node else None
        if value and value.strip():
            yield without_site(value), selector
    node = tree.css_first("head > title")
    if node and node.text().strip():
        yield without_site(node.text()), "title"


def machine_sections(tree: LexborHTMLParser) -> list[str]:
    """Categories that the page's metadata names."""
    found: list[str] = []
    for item in json_ld(tree):
        value = item.get("articleSection")
        values = value if isinstance(value, list) else [value]
        found.extend(tidy(visible(text)) for text in values if isinstance(text, str))
    nodes = tree.css("meta[property='article:section']")
    found.extend(tidy(visible(node.attributes.get("content") or "")) for node in nodes[:20])
    return [text for text in dict.fromkeys(found) if text]


def without_site(title: str) -> str:
    """The title without the name of the site behind it."""
    return _SITE_TAIL.sub("", tidy(visible(title)))


def json_ld(tree: LexborHTMLParser) -> list[dict[str, Any]]:
    """The objects of the page's JSON-LD that describe an article; broken JSON is no JSON."""
    found: list[dict[str, Any]] = []
    for node in tree.css("script[type='application/ld+json']")[:20]:
        try:
            found.extend(_articles(json.loads(node.text())))
        except (ValueError, RecursionError):
            continue
    return found


def _articles(value: object) -> Iterator[dict[str, Any]]:
    queue = [value]
    for _ in range(_MOST_NODES):
        if not queue:
            return
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _NEWS.fullmatch(name) for name in names):
                yield item
            queue.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)
