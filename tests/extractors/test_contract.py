"""What a good page must have, and why others are refused."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from extractors import Release, Unreadable, explain, read, read_listing
from extractors.site import MAX_BYTES

_URL = "https://www.env.go.jp/press/press_00001.html"
_FETCHED_AT = datetime(2025, 7, 1, 12, tzinfo=UTC)


def _html(day: str = "2025年6月30日", title: str = "会合について", body: str = "<p>文です。</p>") -> bytes:
    return (
        f'<html lang="ja"><main><p class="p-press-release-material__date">{day}</p>'
        f'<h1 class="p-press-release-material__heading">{title}</h1>{body}</main></html>'
    ).encode()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"%PDF-1.7 x", "not-text"),
        (b"<html><div>x</div></html>", "unknown-template"),
        (_html(day=""), "no-date"),
        (_html(day="2026年6月30日"), "implausible-date"),
        (_html(day="1980年6月30日"), "implausible-date"),
        (_html(title=""), "no-title"),
        (_html(title="長" * 500), "implausible-title"),
        (_html(body=""), "no-body"),
        (
            _html(
                body="<p>この記事を印刷</p><p>PDF形式のファイルをご覧いただくためには、Readerが必要です。</p>"
            ),
            "no-body",
        ),
        (_html(day="", body="<h2>日時</h2><p>2025年6月18日</p>"), "no-date"),
        ("湿原について\n日時：2025年6月18日\n".encode(), "no-date"),
        ("報道発表資料\n2025年6月30日\n- 自然環境\n1. 会合を開催しました。\n".encode(), "no-title"),
    ],
)
def test_pages_that_give_no_whole_record_are_refused(payload: bytes, reason: str) -> None:
    """What lacks a day, a title or a text is refused by a name, and says what was found and expected."""
    found = read(payload, url=_URL, fetched_at=_FETCHED_AT)
    assert isinstance(found, Unreadable)
    assert found.reason == reason
    assert found.expected


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_the_bounds_hold_for_utf_16(mark: bytes) -> None:
    """Too deep and too large pages are refused whatever the encoding; a page within the bounds is read."""
    deep, large = _html(body="<div>" * 100_000).decode(), b"<\0p\0>\0" * (MAX_BYTES // 6 + 1)
    for payload, reason in ((deep.encode("utf-16-le"), "too-complex"), (large, "too-large")):
        for reader in (partial(read, fetched_at=_FETCHED_AT), read_listing):
            found = reader(mark + payload, url=_URL, charset="utf-16")
            assert isinstance(found, Unreadable)
            assert found.reason == reason
    whole = mark + _html().decode().encode("utf-16-le")
    assert isinstance(read(whole, url=_URL, fetched_at=_FETCHED_AT, charset="utf-16"), Release)


def test_release_of_the_japanese_day_is_not_from_the_future() -> None:
    """A page of the morning in Japan, fetched while it is still the day before in UTC, is good."""
    fetched_at = datetime(2025, 6, 29, 23, tzinfo=UTC)
    assert isinstance(read(_html(), url=_URL, fetched_at=fetched_at), Release)


def test_explain_names_rule_and_text_of_every_filled_field() -> None:
    """Each field that the page filled is traced to a rule and the text it came from."""
    body = (
        '<div class="c-component__bg-area"><ol><li>会合を開催します。</li></ol></div>'
        "<p>日時：2025年6月18日 9:00-12:00</p><p>場所：タイ王国・バンコク</p>"
        '<p>※6月30日 資料を差し替えました。<a href="/content/1.pdf">別紙</a><a href="/a.html">頁</a></p>'
        "<h2>連絡先</h2><p>代表:03-3581-3351</p>"
    )
    payload = _html(body=body)
    found = {origin.field: origin for origin in explain(payload, url=_URL, fetched_at=_FETCHED_AT)}
    assert {
        "title",
        "published_on",
        "lead",
        "facts",
        "contacts",
        "attachments",
        "links",
        "corrections",
        "countries",
    } <= set(found)
    assert found["lead"].rule == ".c-component__bg-area"
    assert found["event_place"].text == "場所: タイ王国・バンコク"
    assert all(origin.rule and origin.text for origin in found.values())


def test_explain_says_where_it_cuts_a_text() -> None:
    """What goes on ends in …; a text shown whole does not, or nobody could tell the two apart."""
    payload = _html(body=f"<p>{'文' * 200}</p><p>尾</p>")
    found = {origin.field: origin.text for origin in explain(payload, url=_URL, fetched_at=_FETCHED_AT)}
    assert found["body"] == "文" * 200 + "…"
    whole = explain(_html(body=f"<p>{'文' * 200}</p>"), url=_URL, fetched_at=_FETCHED_AT)
    assert [origin.text for origin in whole if origin.field == "body"] == ["文" * 200]


def test_explain_of_an_unreadable_page_is_its_reason() -> None:
    """A page without a record explains why."""
    (origin,) = explain(_html(day=""), url=_URL, fetched_at=_FETCHED_AT)
    assert (origin.field, origin.rule) == ("unreadable", "no-date")


@pytest.mark.parametrize(
    "head",
    [
        '<h1>会合について</h1><p>発表日：<time datetime="2025-06-30">2025年6月30日</time> 分野：地球環境</p>',
        "<h1>会合について</h1><dl><dt>発表日</dt><dd>2025年6月30日</dd><dt>分野</dt><dd>地球環境</dd></dl>",
        "<p>令和7年6月30日発表</p><p>カテゴリ：地球環境</p><h1>会合について</h1>",
        "<h1>環境省</h1><h2>会合について</h2><p>2025.6.30</p><ul><li>地球環境</li></ul>",
    ],
)
def test_head_of_an_unknown_site(head: str) -> None:
    """On a site nobody has seen the day and category beside the title are found, and are no text."""
    meta = '<meta property="og:title" content="会合について | 環境省">'
    html = f'<html lang="ja"><head>{meta}</head><main>{head}<p>1. 文です。</p></main></html>'
    found = read(html.encode(), url=_URL, fetched_at=_FETCHED_AT)
    assert isinstance(found, Release)
    assert (found.template, found.title, found.published_on) == (
        "semantic",
        "会合について",
        date(2025, 6, 30),
    )
    assert (found.categories, found.lead, found.body) == (("地球環境",), "1. 文です。", "1. 文です。")
