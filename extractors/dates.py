"""Dates as the Ministry writes them: 2025年06月30日, 令和3年9月27日, 令和元年, `April 04, 2025`, 6月18日(水).

All functions take folded text (`text.fold`): half-width digits and brackets.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from extractors.kept import kept

ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before the first of each era, so that 令和元年 = 2018 + 1."""

_ERA_LETTERS = {"S": "昭和", "H": "平成", "R": "令和"}
_ERA_STARTS = (("令和", date(2019, 5, 1)), ("平成", date(1989, 1, 8)), ("昭和", date(1926, 12, 25)))
_MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_MONTH_NAMES, start=1)}
_MONTH = (
    "(?:"
    + "|".join(rf"{name}|{name[:3]}{'t?' if name[:3] == 'Sep' else ''}" for name in _MONTH_NAMES)
    + r")\b\.?"
)
_WEEKDAYS = "月火水木金土日"
_TH = r"(?:st|nd|rd|th)?(?!\d)"
_AND = r"\s*(?:[-–—~〜]|to|and|&|,)\s*"
_ERA = r"(?:昭和|平成|令和)\s*(?:元|\d{1,2})"
_BOTH_YEARS = rf"(?:\s*[(\[]\s*(?:{_ERA}|\d{{4}})\s*年?\s*[)\]])?"

_ANY_DATE = re.compile(
    rf"""
      (?: (?: (?P<era>昭和|平成|令和)\s*(?P<eray>元|\d{{1,2}}) | (?<!\d)(?P<ad>\d{{4}}) )
          {_BOTH_YEARS}\s*年{_BOTH_YEARS}\s* | (?P<same>[同本今])年\s* )?
      (?: (?<!\d)(?P<month>\d{{1,2}})\s*月 | 同月 )\s*(?P<day>\d{{1,2}})\s*日(?![間本])
    | (?:同月|同年|同)?\s*(?<![\d第])(?P<bare>\d{{1,2}})\s*日(?![間本前後目以])
    | (?<![\d./-])(?P<nyear>(?:19|20)\d{{2}})(?P<sep>[./-])(?P<nmonth>\d{{1,2}})(?P=sep)
      (?P<nday>\d{{1,2}})(?!\d)
    | (?<![A-Za-z])(?P<letter>[RHS])\s?(?P<lyear>\d{{1,2}})[./](?P<lmonth>\d{{1,2}})[./]
      (?P<lday>\d{{1,2}})(?!\d)
    | (?<![\d/.])(?P<smonth>\d{{1,2}})/(?P<sday>\d{{1,2}})(?![\d/])
    | \b(?P<emonth>{_MONTH})\s*(?P<eday>\d{{1,2}}){_TH}
      (?:{_AND}(?P<eday2>\d{{1,2}}){_TH}(?!\s*(?::|{_MONTH})))?
      (?:\s*(?:\([A-Za-z.]+\)\s*)?,?\s*(?P<eyear>\d{{4}})(?!\d))?
    | (?<!\d)(?P<dday>\d{{1,2}}){_TH}(?:{_AND}(?P<dday2>\d{{1,2}}){_TH})?\s*(?:of\s+)?(?P<dmonth>{_MONTH})
      (?:\s*,?\s*(?P<dyear>\d{{4}})(?!\d))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SIGN = re.compile(r"\d\s*[日./-]|[A-Za-z]{3}")
"""Every day has these two; looked for first, as most lines have none and the many forms are dear."""
_AFTER_WEEKDAY = re.compile(r"\s*[(\[]\s*([月火水木金土日])")


class Day(NamedTuple):
    """A day found in a text, and where; `dated` if the text itself names the year."""

    on: date
    start: int
    end: int
    dated: bool


class _Mention(NamedTuple):
    year: int | None
    month: int | None
    day: int
    start: int
    end: int
    weekday: str | None


@kept(256)
def first_date(text: str) -> Day | None:
    """The first day in the text that names its year, month and day; None where there is none.

    Kept, because a page is asked for its day more than once, and the next one often bears the same.
    """
    return next((day for day in days(text) if day.dated), None)


def days(text: str, near: date | None = None) -> Iterator[Day]:
    """Every day in the text, in order.

    A year or month left out is that of the day before it (同年, 同月, `17日から19日`) or, in English, of the
    day after it; a year that nothing names is the one that fits the weekday and lies nearest to `near`, and
    without `near` such a day is left out. Days that no calendar has are left out.
    """
    if not (_DIGIT.search(text) and _SIGN.search(text)):
        return
    mentions = list(_mentions(text))
    year: int | None = next((m.year for m in mentions if m.year), None) if text.isascii() else None
    month: int | None = None
    latest: date | None = None
    for mention in mentions:
        month = mention.month or month
        dated = (mention.year or year) is not None
        if month is None:
            continue
        year = mention.year or year or _guess(month, mention, near)
        on = _calendar(year, month, mention.day)
        if (
            on is not None
            and latest is not None
            and mention.year is None
            and on < latest
            and month < latest.month
        ):
            # A range over New Year names the year once: 2025年12月30日～1月4日.
            year = year + 1 if year else None
            on = _calendar(year, month, mention.day)
        if on is not None:
            latest = on
            yield Day(on, mention.start, mention.end, dated)


def _mentions(text: str) -> Iterator[_Mention]:
    for match in _ANY_DATE.finditer(text):
        weekday = _AFTER_WEEKDAY.match(text, match.end())
        end = weekday.end() if weekday else match.end()
        year, month, several = _parts(match)
        for day in several:
            yield _Mention(year, month, int(day), match.start(), end, weekday[1] if weekday else None)


def _parts(match: re.Match[str]) -> tuple[int | None, int | None, list[str]]:
    # By name, not as a dict: of so many groups most are empty.
    year = _number(match.group("ad", "nyear", "eyear", "dyear"))
    if match["era"]:
        year = era_year(match["era"], match["eray"])
    if match["letter"]:
        year = era_year(_ERA_LETTERS[match["letter"].upper()], match["lyear"])
    month = _number(match.group("month", "nmonth", "lmonth", "smonth"))
    if name := match["emonth"] or match["dmonth"]:
        month = _MONTHS[name[:3].lower()]
    several = match.group("day", "bare", "nday", "lday", "sday", "eday", "eday2", "dday", "dday2")
    return year, month, [day for day in several if day]


def _number(found: tuple[str | None, ...]) -> int | None:
    return next((int(value) for value in found if value), None)


def _guess(month: int, mention: _Mention, near: date | None) -> int | None:
    if near is None:
        return None
    found = [on for shift in (-1, 0, 1) if (on := _calendar(near.year + shift, month, mention.day))]
    fitting = [on for on in found if mention.weekday == _WEEKDAYS[on.weekday()]] or found
    # A release speaks of what comes oftener than of what was, so a day behind counts as twice as far.
    return min(fitting, key=lambda on: abs(on - near) * (2 if on < near else 1)).year if fitting else None


def _calendar(year: int | None, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year else None
    except ValueError:
        return None


def era_year(era: str, year: str) -> int:
    """The Gregorian year of 令和3 or 令和元."""
    return ERAS[era] + (1 if year == "元" else int(year))


def wareki(on: date) -> str:
    """The day in the Japanese calendar, as the former template printed it: 令和元年5月1日."""
    era, _ = next((name, start) for name, start in _ERA_STARTS if on >= start)
    year = on.year - ERAS[era]
    return f"{era}{'元' if year == 1 else year}年{on.month}月{on.day}日"


def next_such_day(on: date, not_before: date) -> date:
    """The day with this month and day that comes first on or after `not_before`, a day of grace allowed.

    For notes like `11/22 18:00 …` on a page that says when it appeared but not when the note was added.
    """
    years = (not_before.year, not_before.year + 1)
    found = [day for year in years if (day := _calendar(year, on.month, on.day))]
    return next((day for day in found if day >= not_before - timedelta(days=1)), on)
