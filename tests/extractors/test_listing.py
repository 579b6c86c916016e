"""Index, month, category and English lists."""

from datetime import date

import pytest

from extractors import Listed, Listing, Unreadable, read_listing

_URL = "https://www.env.go.jp/press/"


def _item(href: str, title: str, *tags: str) -> str:
    spans = "".join(f'<span class="p-news-link__tag c-tag">{tag}</span>' for tag in tags)
    return (
        f'<li class="c-news-link__item"><div class="c-news-link__item__col">{spans}</div>'
        '<div class="c-news-link__item__col">'
        f'<a class="c-news-link__link" href="{href}">{title}</a></div></li>'
    )


def _block(day: str, *items: str) -> str:
    return (
        '<details class="p-press-release-list__block" open><summary class="p-press-release-list__head">'
        '<span class="p-press-release-list__head__content"><span class="p-press-release-list__button"></span>'
        f'<span class="p-press-release-list__heading">{day}</span></span></summary>'
        '<div class="p-press-release-list__body">'
        f'<ul class="p-news-link c-news-link">{"".join(items)}</ul></div></details>'
    )


_MONTHS = """<table class="c-table-month__table"><tr><td><ul>
<li><a class="c-table-month__col__link" aria-label="2026年5月" href="/press/202605.html">5月</a></li>
<li><a class="c-table-month__col__link" aria-label="2026年6月" href="/press/202606.html">6月</a></li>
<li><a class="c-table-month__col__link" aria-label="2026年5月" href="/press/202605.html">5月</a></li>
<li>7月</li></ul></td></tr></table>"""


def _page(*blocks: str, more: str = "") -> bytes:
    inside = f'<div class="p-press-release-list__section">{"".join(blocks)}</div>'
    main = f"<main>{inside}{more}{_MONTHS}</main>"
    return f'<html lang="ja"><head><title>一覧</title></head><body>{main}</body></html>'.encode()


def _read(payload: bytes, url: str = _URL) -> Listing:
    found = read_listing(payload, url=url)
    assert isinstance(found, Listing)
    return found


def test_items_and_months() -> None:
    """Each item has its address, title, day and tags in page order; each month page stands once."""
    found = _read(
        _page(
            _block(
                "2026年06月11日発表",
                _item("/press/press_05099.html", "水質について", "水・土壌"),
                _item("press_05098.html", "二つ", "地球環境", "自然環境"),
            ),
            _block("2026年05月29日発表", _item("/press/press_05000.html", "題")),
        )
    )
    assert found.items == (
        Listed(
            "https://www.env.go.jp/press/press_05099.html", "水質について", date(2026, 6, 11), ("水・土壌",)
        ),
        Listed(
            "https://www.env.go.jp/press/press_05098.html",
            "二つ",
            date(2026, 6, 11),
            ("地球環境", "自然環境"),
        ),
        Listed("https://www.env.go.jp/press/press_05000.html", "題", date(2026, 5, 29), ()),
    )
    assert found.months == (
        "https://www.env.go.jp/press/202605.html",
        "https://www.env.go.jp/press/202606.html",
    )
    assert (found.lang, found.says_empty) == ("ja", False)


def test_item_that_stands_twice_is_one() -> None:
    """The same release listed twice is one item with the tags of both."""
    block = _block(
        "2026年06月11日発表",
        _item("/press/press_1.html", "題", "地球環境"),
        _item("/press/press_1.html", "題", "自然環境"),
    )
    (item,) = _read(_page(block, block)).items
    assert item.categories == ("地球環境", "自然環境")


def test_number_that_is_used_again_is_two_items() -> None:
    """One address under two days with two titles is two releases."""
    older = _block("2022年09月13日発表", _item("/press/press_00535.html", "甲"))
    assert (
        len(_read(_page(_block("2026年06月11日発表", _item("/press/press_00535.html", "乙")), older)).items)
        == 2
    )


@pytest.mark.parametrize(
    "href", ["/content/000300001.pdf", "https://www.meti.go.jp/press/x.html", "/press/odd.cgi?x=1"]
)
def test_files_and_other_hosts_are_kept(href: str) -> None:
    """An item that leads elsewhere stays in the list as a fact."""
    (item,) = _read(_page(_block("2026年06月11日発表", _item(href, "題")))).items
    assert item.url.endswith(href)


def test_script_is_no_item() -> None:
    """A link that is no address is no item."""
    block = _block("2026年06月11日発表", _item("javascript:x", "悪"), _item("/press/press_1.html", "題"))
    assert [item.title for item in _read(_page(block)).items] == ["題"]


def test_english_list() -> None:
    """An English list is known by its address and reads English days."""
    found = _read(
        _page(_block("June 11, 2026", _item("/en/press/press_03994.html", "Title", "Global Environment"))),
        "https://www.env.go.jp/en/press/",
    )
    assert (found.lang, found.items[0].published_on) == ("en", date(2026, 6, 11))


@pytest.mark.parametrize(
    "sentence",
    ["該当する報道発表資料はありません。", "この月の報道発表はありません。", "There are no press releases."],
)
def test_list_that_says_it_is_empty(sentence: str) -> None:
    """A month without releases that says so is an empty list, with its months."""
    found = _read(_page(more=f"<p>{sentence}</p>"))
    assert (found.items, found.says_empty, len(found.months)) == ((), True, 2)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param(_page(), "empty-listing", id="no items and no word of it"),
        pytest.param(
            b"<html><main><ul><li><a href='/press/press_1.html'>x</a></li></ul></main></html>",
            "unknown-listing",
            id="other markup",
        ),
        pytest.param(b"<html><p>503 Service Unavailable</p></html>", "unknown-listing", id="error page"),
        pytest.param(
            "<p>報道発表資料はありません</p>".encode(),
            "unknown-listing",
            id="says empty in no markup we know",
        ),
        pytest.param(b"", "unknown-listing", id="nothing"),
        pytest.param(b"<div>" * 100_000, "too-complex", id="too deep"),
    ],
)
def test_lists_that_cannot_be_trusted(payload: bytes, reason: str) -> None:
    """Zero items that the page does not own up to are no quiet month."""
    found = read_listing(payload, url=_URL)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
