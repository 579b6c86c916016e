"""Index, month and category pages: one markup, items by day, and the table of months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from pressroom.templates import frame
from pressroom.templates.frame import Look
from pressroom.templates.tags import tag


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: its day, where it leads, its title and tags."""

    day: date
    href: str
    title: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list page: its heading, its items newest first, and the months that have a page (`202606`)."""

    path: str
    title: str
    items: Sequence[Item]
    months: frozenset[str]
    lang: str = "ja"
    empty_text: str = ""


def page(listing: ListPage, look: Look) -> bytes:
    """The whole list page, UTF-8."""
    empty = f"<p>{listing.empty_text}</p>\n" if listing.empty_text and not listing.items else ""
    main = f"""<main class="l-main" id="main">
<div class="c-component">
<h1 class="c-heading">{escape(listing.title, quote=False)}</h1>
{empty}<div class="p-press-release-list__section">
{_days(listing)}
</div>
{_months(listing)}
</div>
</main>"""
    return frame.page(listing.title, main, lang=listing.lang, look=look, path=listing.path).encode()


def _days(listing: ListPage) -> str:
    groups = groupby(listing.items, key=lambda item: item.day)
    return "\n".join(_day(day, items, listing.lang) for day, items in groups)


def _day(day: date, items: Iterable[Item], lang: str) -> str:
    heading = f"{day:%B} {day.day}, {day.year}" if lang == "en" else f"{day:%Y年%m月%d日}発表"
    lines = "\n".join(_item(item) for item in items)
    return f"""<details class="p-press-release-list__block" open>
<summary class="p-press-release-list__head"><span class="p-press-release-list__head__content">
<span class="p-press-release-list__button"></span>
<span class="p-press-release-list__heading">{heading}</span>
</span></summary>
<div class="p-press-release-list__body">
<ul class="p-news-link c-news-link">
{lines}
</ul>
</div>
</details>"""


def _item(item: Item) -> str:
    tags = "".join(tag(name) for name in item.categories)
    first = f'<div class="c-news-link__item__col">{tags}</div>\n' if tags else ""
    link = f'<a class="c-news-link__link" href="{escape(item.href)}">{escape(item.title, quote=False)}</a>'
    return f"""<li class="c-news-link__item">
{first}<div class="c-news-link__item__col">{link}</div>
</li>"""


def _months(listing: ListPage) -> str:
    years = sorted({month[:4] for month in listing.months}, reverse=True)
    rows = "\n".join(_year(year, listing) for year in years)
    return f'<table class="c-table-month__table"><tbody>\n{rows}\n</tbody></table>'


def _year(year: str, listing: ListPage) -> str:
    cells = "".join(_month(year, number, listing) for number in range(1, 13))
    label = year if listing.lang == "en" else f"{year}年"
    return f'<tr><th>{label}</th><td><ul class="c-table-month__col">{cells}</ul></td></tr>'


def _month(year: str, number: int, listing: ListPage) -> str:
    month = date(int(year), number, 1)
    english = listing.lang == "en"
    text = f"{month:%b}" if english else f"{number}月"
    if f"{year}{number:02}" not in listing.months:
        return f"<li>{text}</li>"
    label = f"{month:%B %Y}" if english else f"{year}年{number}月"
    href = f"{'/en' if english else ''}/press/{year}{number:02}.html"
    return f'<li><a class="c-table-month__col__link" aria-label="{label}" href="{href}">{text}</a></li>'
