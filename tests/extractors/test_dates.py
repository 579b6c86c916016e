"""Days and hours in every way the Ministry writes them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dates import days, first_date, next_such_day, wareki
from extractors.hours import hours
from extractors.text import fold

_PUBLISHED = date(2025, 12, 26)
_SINCE_HEISEI = st.dates(date(1989, 1, 8), date(2040, 12, 31))
_WIDE = str.maketrans("0123456789()", "０１２３４５６７８９（）")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025年06月30日", ["2025-06-30"]),
        ("2025年6月18日(水)", ["2025-06-18"]),
        ("令和3年9月27日", ["2021-09-27"]),
        ("令和元年5月1日", ["2019-05-01"]),
        ("平成26年(2014年)6月3日", ["2014-06-03"]),
        ("令和7(2025)年3月4日", ["2025-03-04"]),
        ("2017年度(平成29年度)", []),
        ("平成26年(2014年)6月", []),
        ("10月31 日(金)", ["2025-10-31"]),
        ("1月16日(金)", ["2026-01-16"]),
        ("2025年2月17日から同年19日", ["2025-02-17", "2025-02-19"]),
        ("2026年2月2日から同年2月6日", ["2026-02-02", "2026-02-06"]),
        ("3月4日(水)～5日(木)", ["2026-03-04", "2026-03-05"]),
        ("2025年12月30日(火)～1月4日(日)", ["2025-12-30", "2026-01-04"]),
        ("2025年6月18日(水)13:00～17:00、19日(木)9:00～12:00", ["2025-06-18", "2025-06-19"]),
        ("2025年6月18日から30日間", ["2025-06-18"]),
        ("April 04, 2025", ["2025-04-04"]),
        ("August 26th, 2022", ["2022-08-26"]),
        ("01 Mar 2017 - 31 Jul 2019", ["2017-03-01", "2019-07-31"]),
        ("April 7-8, 2025", ["2025-04-07", "2025-04-08"]),
        ("April 28 - May 2, 2025", ["2025-04-28", "2025-05-02"]),
        ("2025年2月30日", []),
    ],
)
def test_days(text: str, expected: list[str]) -> None:
    """Each form gives its days; what names no day of the calendar gives none."""
    assert [day.on.isoformat() for day in days(fold(text), _PUBLISHED)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:00-12:00", "09:00-12:00"),
        ("9:00～18:00", "09:00-18:00"),
        ("９：００～１８：００（現地時間）", "09:00-18:00"),
        ("14時～16時30分", "14:00-16:30"),
        ("10～12時", "10:00-12:00"),
        ("午後2時から午後4時", "14:00-16:00"),
        ("午後2時～4時半", "14:00-16:30"),
        ("午前10時30分から正午まで", "10:30-12:00"),
        ("10:00 a.m. - 12:00 p.m.", "10:00-12:00"),
        ("2:00-4:00 p.m.", "14:00-16:00"),
        ("14:00～", "14:00-"),
        ("13時30分開始", "13:30"),
        ("2025年6月18日", None),
        ("令和5年～令和7年", None),
    ],
)
def test_hours(text: str, expected: str | None) -> None:
    """Hours come out as four digits each; a text without hours gives none."""
    assert hours(fold(text)) == expected


@given(_SINCE_HEISEI)
def test_japanese_calendar_is_the_gregorian(on: date) -> None:
    """A day written in the Japanese calendar is the same day, for every day since 1989."""
    found = first_date(wareki(on))
    assert found is not None
    assert found.on == on


def test_every_day_since_1989_comes_back() -> None:
    """和暦 and Gregorian agree on each single day from the first of 平成 to the end of 2030."""
    on, wrong = date(1989, 1, 8), []
    while on < date(2031, 1, 1):
        found = first_date(wareki(on))
        if found is None or found.on != on:
            wrong.append(on)
        on += timedelta(days=1)
    assert wrong == []


@given(
    _SINCE_HEISEI,
    st.sampled_from(
        [
            "{0.year}年{0.month}月{0.day}日",
            "{0:%Y年%m月%d日}",
            "{0:%B %d, %Y}",
            "{0:%d %b %Y}",
            "{0:%Y-%m-%d}",
        ]
    ),
)
def test_dates_round_trip(on: date, form: str) -> None:
    """A day printed in any full form is read as that day, in full width as in half width."""
    for text in (form.format(on), form.format(on).translate(_WIDE)):
        found = first_date(fold(text))
        assert found is not None
        assert found.on == on


@given(_SINCE_HEISEI, st.integers(0, 300))
def test_day_of_a_note_is_not_before_its_page(published: date, later: int) -> None:
    """A month and day without a year means the next such day from the page's day on."""
    on = published + timedelta(days=later)
    assert next_such_day(date(2024, on.month, on.day), published) == on


@given(st.text(max_size=200))
def test_any_text_gives_only_days_of_the_calendar(text: str) -> None:
    """No text makes the reading of days or hours fail."""
    folded = fold(text)
    assert all(isinstance(day.on, date) for day in days(folded, _PUBLISHED))
    assert hours(folded) is None or ":" in str(hours(folded))
