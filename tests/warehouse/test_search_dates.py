"""A date is found by either calendar: 2026年6月4日 is 令和8年6月4日."""

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse import searchable
from tests.warehouse.backends import Backend
from tests.warehouse.rows import FIRST, empty_archive, insert, release
from warehouse import search
from warehouse.search.dates import spellings
from warehouse.search.query import parse

PARTS = [*"2026年6月4日 令和8年6月4日 2026年 （令和8年） 6月 2019年 令和元年 の （ は ■ ٣".split(), " "]  # noqa: SIM905


def both(years: str, after: str) -> list[str]:
    """A date by both calendars, one of them in brackets."""
    ours, era = years.split()
    forms = (f"{ours}年({era}年)", f"{era}年({ours}年)", f"{ours}({era})年", f"{era}({ours})年")
    return [form + after for form in forms]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026年6月4日", ["令和8年6月4日", *both("2026 令和8", "6月4日")]),
        ("令和8年6月4日", ["2026年6月4日", *both("2026 令和8", "6月4日")]),
        (
            "平成30年06月04日開催",
            ["2018年6月4日開催", "平成30年6月4日開催", *both("2018 平成30", "6月4日開催")],
        ),
        ("2030年度目標", ["令和12年度目標"]),
        ("平成42年", ["2030年", "令和12年"]),
        ("昭和63年", ["1988年"]),
        ("2026年6月4", ["令和8年6月4", *both("2026 令和8", "6月4")]),
        # The year of two eras, and its first year, which has two names.
        ("2019年", ["令和元年", "令和1年", "平成31年"]),
        ("2019年4月30日", ["平成31年4月30日", *both("2019 平成31", "4月30日")]),
        ("2019年5月1日", ["令和元年5月1日", "令和1年5月1日", *both("2019 令和元", "5月1日")]),
        ("令和元年", ["2019年", "令和1年"]),
        ("平成31年", ["2019年"]),
        ("平成31年5月", ["2019年5月", "令和元年5月", "令和1年5月", *both("2019 令和元", "5月")]),
        ("平成31年度", ["2019年度", "令和元年度", "令和1年度"]),
        ("1989年1月7日", ["昭和64年1月7日", *both("1989 昭和64", "1月7日")]),
        ("1989年1月8日", ["平成元年1月8日", "平成1年1月8日", *both("1989 平成元", "1月8日")]),
        # Two dates change together.
        ("2020年から2021年", ["令和2年から令和3年"]),
        # What is no date of these calendars.
        ("2026年13月", []),
        ("2025年2月29日", []),
        ("令和0年", []),
        ("1920年", []),
        ("12026年", []),
        ("第4回", []),
        ("8年6月", []),
        ("2026年٣月", ["令和8年٣月"]),
        ("20٢٣年", []),
    ],
)
def test_a_date_is_written_in_every_calendar(typed: str, found: list[str]) -> None:
    """The term as typed stands first, then what else releases write for it."""
    assert spellings(typed) == (typed, *found)


@given(st.text("平成令和昭元年月日0123456789 "))
def test_whatever_is_typed_stays_a_spelling_of_itself(typed: str) -> None:
    """There are at most thirteen, each once, and the first is the one typed."""
    found = spellings(typed)
    assert found[0] == typed
    assert len(set(found)) == len(found) <= 13


def ids(hits: tuple[search.Hit, ...]) -> list[str]:
    """The last letters of the ids, in order."""
    return [hit.release_id.rsplit("_", 1)[1] for hit in hits]


@pytest.fixture(scope="module")
def archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same day in both calendars, in titles and texts."""
    with empty_archive(backend) as con:
        rows = [
            release("20260601-press_1", title="令和８年６月４日の会合", body="公募"),
            release("20260602-press_2", title="会合", body="期限は2026年6月4日（木）です。"),
            release("20260603-press_3", title="公募", body="期限は令和8年6月4日。\n令和8年6月5日"),
            release("20260604-press_4", title="会合", body="期限は令和7年6月4日です。"),
            release("20260605-press_5", title="水面", body="催しは２０２６年（令和８年）７月１日です。"),
            release("20260606-press_6", title="水面", body="令和8（2026）年7月1日。令和8年、7月1日"),
            release("20260607-press_7", title="水面", body="2026年（令和8年）から。\n7月1日。2026年8月1日"),
        ]
        search.update(con, insert(con, rows))
        yield con


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2026年6月4日", "132"),
        ("令和8年6月4日", "132"),
        ("２０２６年６月４日", "132"),
        ("title:2026年6月4日", "1"),
        ("公募 -2026年6月4日", ""),
        ("会合 -令和８年", "4"),
        ("期限は2026年6月", "32"),
        ("2026年6月4日 期限", "32"),
        ("2025年6月4日 OR 2026年6月5日", "43"),
        ('"2026年6月4日"', "2"),
        ('"期限は令和8年"', "3"),
        ('-"2026年6月4日" 2026年', "17653"),
        ("2026年 to:2026-06-02", "12"),
        ("2026年7月1日", "65"),
        ("令和8年7月", "65"),
        ("催しは令和8年7月1日", "5"),
        ("水面 -2026年7月1日", "7"),
        ("2026年7月1日 OR 2025年6月4日", "645"),
        ('"2026年7月1日"', ""),
    ],
)
def test_either_calendar_finds_the_other(archive: duckdb.DuckDBPyConnection, typed: str, found: str) -> None:
    """Titles first, then the newest, whichever way they write it; in quotes only what stands there."""
    assert ids(search.search(archive, typed)) == list(found)
    assert set(ids(search.search_at(archive, typed, FIRST))) == set(found)
    rows = archive.execute(
        "SELECT release_id FROM search_releases(?)", [search.written_out(typed)]
    ).fetchall()
    assert {row[0].rsplit("_", 1)[1] for row in rows} == set(found)


def test_a_date_of_common_pieces_is_found(
    archive: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many texts hold 7月1日, those that hold the year too are looked into, and the same is found."""
    monkeypatch.setattr("warehouse.search.engine.PROBED", 0)
    assert ids(search.search(archive, "2026年7月1日")) == ["6", "5"]


def test_the_date_is_marked_as_it_is_printed(archive: duckdb.DuckDBPyConnection) -> None:
    """Title and piece mark the spelling that stands there."""
    first, second, third = search.search(archive, "2026年6月4日")
    assert first.title_parts == (("hit", "令和８年６月４日"), ("plain", "の会合"))
    assert second.snippet == (("plain", "期限は"), ("hit", "令和8年6月4日"), ("plain", "。"))
    assert third.snippet == (("plain", "期限は"), ("hit", "2026年6月4日"), ("plain", "（木）です。"))
    *_, both = search.search(archive, "2026年7月1日")
    assert both.snippet[1] == ("hit", "２０２６年（令和８年）７月１日")


def test_a_query_without_dates_is_asked_as_it_is_typed() -> None:
    """Nothing is rewritten that need not be."""
    typed = '  環境 -"2026年" ＯＲ title：会合 lang:ja'
    assert search.written_out(typed) == typed


@pytest.fixture(scope="module")
def jumble() -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]]]:
    """Releases whose texts are drawn from the parts, so that any two stand side by side."""
    draw = random.Random(5)  # noqa: S311 - the same texts each time
    texts = ["".join(draw.choices(PARTS, k=draw.randint(0, 6))) for _ in range(70)]
    rows = [
        release(f"202501{1 + number % 30:02}-press_{number}", title=text[:9] or "x", body=text)
        for number, text in enumerate(texts)
    ]
    with empty_archive() as con:
        search.update(con, insert(con, rows))
        yield con, rows


@pytest.mark.file_only("thirty random queries take long on a lake, where the macro answers some above")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.lists(st.sampled_from([*PARTS, '"', " OR ", "title:", " -", " lang:ja "]), min_size=1).map(
        "".join
    )
)
def test_any_query_with_dates_finds_what_contains_finds(
    jumble: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]], typed: str
) -> None:
    """Whatever is typed, index, macro and a look into every line for every spelling agree."""
    con, rows = jumble
    expected = searchable.expected(parse(typed), rows)
    assert {hit.release_id for hit in search.search(con, typed, 100)} == expected
    by_macro = con.execute(
        "SELECT release_id FROM search_releases(?)", [search.written_out(typed)]
    ).fetchall()
    assert {row[0] for row in by_macro} == expected
