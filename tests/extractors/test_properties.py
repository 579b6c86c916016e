"""What is true of the reading for any input at all."""

from datetime import UTC, date, datetime
from random import Random
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors import Release, Unreadable, explain, read, read_listing
from tests.extractors.fictional import TEMPLATES, invent
from tests.extractors.fictional.forms import wide

_URL = "https://www.env.go.jp/press/press_00001.html"
_FETCHED_AT = datetime(2027, 6, 1, tzinfo=UTC)
_HEAD = (
    '<html lang="ja"><main><p class="p-press-release-material__date">2025年6月30日</p>'
    '<h1 class="p-press-release-material__heading">会合の開催について</h1>'
)
_MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "<table><tr><td>",
            "</td>",
            "<ul><li>",
            "<a href='",
            "'>",
            "<h2>連絡先</h2>",
            "日時：2025年6月18日",
            "<!--",
            "<",
            '"',
            "&#0;",
            "\x00",
            "代表03-3581-3351",
            "■ 場所",
            "<td",
            "<details><summary>",
            "<script>",
            "</main>",
            "<br>",
            "※訂正しました。",
            "<svg><p>",
            "<select><option>",
            "課長　",
        ]
    ),
    max_size=40,
).map("".join)
_SECONDS = 40
"""More than any hostile page takes on a slow machine, far less than a page without bounds would."""


def _read(payload: bytes, media_type: str | None = None) -> Release | Unreadable:
    return read(payload, url=_URL, fetched_at=_FETCHED_AT, media_type=media_type)


@given(st.binary(max_size=500), st.sampled_from([None, "text/html", "text/plain"]))
def test_any_bytes_give_a_record_or_a_reason(payload: bytes, media_type: str | None) -> None:
    """No bytes make the reading fail, of a release or of a list."""
    assert isinstance(_read(payload, media_type), Release | Unreadable)
    assert read_listing(payload, url=_URL) is not None


@settings(max_examples=60)
@given(_MARKUP)
def test_any_markup_gives_the_head_and_the_same_record_again(markup: str) -> None:
    """Whatever stands below a good head, the page reads, twice alike, and can be explained."""
    payload = (_HEAD + markup).encode()
    found = _read(payload)
    assert found == _read(payload)
    if isinstance(found, Release):
        assert (found.title, found.published_on) == ("会合の開催について", date(2025, 6, 30))
    assert explain(payload, url=_URL, fetched_at=_FETCHED_AT)


@pytest.mark.parametrize("seed", range(8))
def test_saved_text_of_a_page_is_the_page(seed: int) -> None:
    """A page, and the text a reader would save of it, give the same title, day, body and JCM fields."""
    rng = Random(seed)  # noqa: S311 - a seed makes a page, nothing is secret
    truth = invent(rng)
    page = _read(TEMPLATES["current"](truth, rng).text.encode())
    assert isinstance(page, Release)
    tags = [f"- {name}" for name in page.categories]
    head = ["報道発表資料", f"{page.published_on:%Y年%m月%d日}", *tags, page.title]
    text = _read("\n".join([*head, page.body, "連絡先", "代表:03-3581-3351"]).encode(), "text/plain")
    assert isinstance(text, Release)
    assert (text.title, text.published_on, text.body) == (page.title, page.published_on, page.body)
    assert (text.jcm_role, text.jcm_kind, text.jcm_countries) == (
        page.jcm_role,
        page.jcm_kind,
        page.jcm_countries,
    )


@pytest.mark.parametrize("seed", range(4))
def test_full_width_is_half_width(seed: int) -> None:
    """Labels, hours, days and telephones in full-width signs are read as in half-width ones."""
    truth = invent(Random(seed))  # noqa: S311 - a seed makes a page, nothing is secret
    lines = [f"{fact.label}：{fact.value}" for fact in truth.facts]
    contact = ["連絡先", truth.contacts[0].organisation, "代表:03-3581-3351"]
    narrow = "\n".join(["2025年06月30日", "題名について", "1. 文です。", *lines, *contact])
    found, full = _read(narrow.encode(), "text/plain"), _read(wide(narrow).encode(), "text/plain")
    assert isinstance(found, Release)
    assert isinstance(full, Release)
    assert (full.published_on, full.event_hours, full.contacts[0].phones) == (
        found.published_on,
        found.event_hours,
        found.contacts[0].phones,
    )


@pytest.mark.parametrize(
    ("body", "readable"),
    [
        pytest.param("<div>" * 100_000 + "x", False, id="100,000 boxes in each other"),
        pytest.param("<select>" + "<option>" * 100_000, False, id="100,000 options"),
        pytest.param(
            "<div " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x", False, id="60,000 attributes"
        ),
        pytest.param("<p>" + "制度はタイ王国で" * 800_000 + "</p>", True, id="20 MB of text"),
        pytest.param("<p hidden>同じ文です。</p>" * 20_000, True, id="20,000 hidden copies"),
    ],
)
def test_hostile_sizes_are_read_or_refused_in_time(body: str, readable: bool) -> None:  # noqa: FBT001
    """A page built to take for ever is read or refused within seconds."""
    begun = monotonic()
    assert isinstance(_read((_HEAD + body).encode()), Release) is readable
    assert monotonic() - begun < _SECONDS


def test_a_hundred_thousand_rows_are_read() -> None:
    """A table of 100,000 rows is read in a time that grows with its rows only."""
    row = "<tr><td>地点</td></tr>"
    begun = monotonic()
    found = _read((_HEAD + "<table>" + row * 100_000 + "</table>").encode())
    assert isinstance(found, Release)
    assert found.body.count("地点") == 100_000
    assert monotonic() - begun < 2 * _SECONDS
