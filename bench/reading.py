"""Reading one set of pages five ways, in one run, interleaved so that a busy machine slows all alike.

    python -m bench.reading [--pages 40] [--kib 66] [--article-kib 8] [--rounds 5]

(a) the bare Lexbor parse, the lower bound of anything built on it; (b) our whole record; (c) the page's
fields by BeautifulSoup with lxml; (d) the same by parsel; (e) trafilatura's body alone. A peer that is not
installed is left out with a line that says so. Aims: (b) within 2.5 times (a), 10 times faster than (c),
faster than (e). The best round counts, in processor time, so that what else runs on the machine counts less.
"""

import argparse
import importlib.util
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from selectolax.lexbor import LexborHTMLParser

from extractors import Release, read
from tests.extractors.fictional import TEMPLATES, invent

_URL = "https://www.env.go.jp/press/press_01234.html"
_FETCHED_AT = datetime(2027, 6, 1, tzinfo=UTC)
_BARE, _OURS = "(a) bare lexbor parse", "(b) our whole record"
_SOUP, _TRAFILATURA = "(c) fields by BeautifulSoup + lxml", "(e) body by trafilatura"
_MENU = (
    '<li class="c-menu__item"><a class="c-menu__link" href="/policy/{0}.html">'
    "<span>政策分野のページ{0}</span></a></li>\n"
)
_PARAGRAPH = (
    "<h3>■ 項目{0}</h3><p>第{0}回の調査では、全国の調査地点で水質を測り、"
    "環境基準の達成状況を取りまとめました。"
    "昨年度と比べて達成率は上がりましたが、湖沼ではなお対策が必要です。</p>"
    "<ul><li>河川の達成率は{0}パーセント</li><li>湖沼の達成率は前年の{0}倍</li></ul>"
)

Reader = Callable[[bytes], object]


def page(seed: int, size: int, article: int) -> bytes:
    """A page of the current template: an article of about `article` bytes, menus around it up to `size`."""
    rng = Random(seed)  # noqa: S311 - a seed makes a page, nothing is secret
    text = TEMPLATES["current"](invent(rng), rng).text
    main = len(text[text.index("<main") :].encode())
    number = 0
    while main < article:
        number += 1
        more = _PARAGRAPH.format(number)
        main += len(more.encode())
        text = text.replace("<p>PDF形式", more + "<p>PDF形式", 1)
    count = max(0, size - len(text.encode())) // len(_MENU.format(100).encode())
    menus = "".join(_MENU.format(at) for at in range(count))
    return text.replace("<footer>", f"<div><ul>{menus}</ul></div><footer>", 1).encode()


def whole_record(payload: bytes) -> object:
    """(b): everything `releases` has of a page."""
    found = read(payload, url=_URL, fetched_at=_FETCHED_AT, media_type="text/html", charset="utf-8")
    if not isinstance(found, Release):
        sys.exit(f"bench.reading: a page of ours was not read: {found}")
    return found


def beautiful_soup() -> Reader | None:
    """(c): title, day, categories, lead, text, links and table cells by BeautifulSoup with lxml."""
    if not _installed("bs4", "lxml"):
        return None
    from bs4 import BeautifulSoup

    def fields(payload: bytes) -> object:
        soup = BeautifulSoup(payload, "lxml")
        main = soup.select_one("main")
        return (
            main.select_one(".p-press-release-material__heading").get_text(strip=True),
            main.select_one(".p-press-release-material__date").get_text(strip=True),
            [tag.get_text(strip=True) for tag in main.select(".p-news-link__tag")],
            [box.get_text("\n", strip=True) for box in main.select(".c-component__bg-area")],
            [box.get_text("\n", strip=True) for box in main.select(".wysiwyg")],
            [(link.get_text(strip=True), link.get("href")) for link in main.select("a[href]")],
            [[cell.get_text(strip=True) for cell in row.select("th,td")] for row in main.select("tr")],
        )

    return fields


def parsel() -> Reader | None:
    """(d): the same fields by parsel."""
    if not _installed("parsel"):
        return None
    from parsel import Selector

    def fields(payload: bytes) -> object:
        main = Selector(text=payload.decode()).css("main")
        return (
            main.css(".p-press-release-material__heading ::text").getall(),
            main.css(".p-press-release-material__date::text").get(),
            main.css(".p-news-link__tag::text").getall(),
            main.css(".c-component__bg-area ::text").getall(),
            main.css(".wysiwyg ::text").getall(),
            [(link.css("::text").getall(), link.attrib["href"]) for link in main.css("a[href]")],
            [[cell.css("::text").getall() for cell in row.css("th,td")] for row in main.css("tr")],
        )

    return fields


def trafilatura() -> Reader | None:
    """(e): the body alone by trafilatura."""
    if not _installed("trafilatura"):
        return None
    from trafilatura import extract

    return lambda payload: extract(payload.decode())


def _installed(*names: str) -> bool:
    return all(importlib.util.find_spec(name) for name in names)


def measure(readers: dict[str, Reader], pages: list[bytes], rounds: int) -> dict[str, float]:
    """The best seconds a page of each reader over all rounds."""
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(rounds):
        for name, reader in readers.items():
            began = time.process_time()
            for payload in pages:
                reader(payload)
            best[name] = min(best[name], (time.process_time() - began) / len(pages))
    return best


def main() -> int:
    """Print pages a second of every way, and whether the aims are met; 1 if one is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (("pages", 40), ("kib", 66), ("article-kib", 8), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    pages = [page(seed, asked.kib * 1024, asked.article_kib * 1024) for seed in range(asked.pages)]
    ways: dict[str, Reader | None] = {
        _BARE: LexborHTMLParser,
        _OURS: whole_record,
        _SOUP: beautiful_soup(),
        "(d) fields by parsel": parsel(),
        _TRAFILATURA: trafilatura(),
    }
    mean = sum(map(len, pages)) / len(pages) / 1024
    print(f"{len(pages)} pages of {mean:.1f} KiB, articles of some {asked.article_kib} KiB; the best round")
    for name in (name for name, reader in ways.items() if reader is None):
        print(f"{name:<36} not installed here: left out")
    best = measure({name: reader for name, reader in ways.items() if reader}, pages, asked.rounds)
    bare, ours = best[_BARE], best[_OURS]
    for name, seconds in best.items():
        print(f"{name:<36} {1 / seconds:8.0f} pages/s {seconds * 1e3:8.2f} ms  {seconds / bare:6.1f} × (a)")
    aims = {"(b) within 2.5 × (a)": ours <= 2.5 * bare}
    if _SOUP in best:
        aims["(b) 10 × faster than (c)"] = 10 * ours <= best[_SOUP]
    if _TRAFILATURA in best:
        aims["(b) faster than (e)"] = ours < best[_TRAFILATURA]
    for aim, met in aims.items():
        print(f"{aim:<36} {'met' if met else 'MISSED'}")
    return 0 if all(aims.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
