"""Dates in the words of a query: 2026年6月4日 and 令和8年6月4日 are one day; releases write either, or both.

Years, months and days with 年 count, in folded text; what stands around them (度, 頃, から) stays.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from extractors.dates import era_year, wareki

_DATE: Final = re.compile(
    r"(?:(?P<era>昭和|平成|令和)(?P<of_era>元|0?[1-9]|[1-9]\d)|(?<!\d)(?P<year>(?:19|20)\d{2}))年"
    r"(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?)?",
    # Digits of other scripts are no part of a word here: the spellings of a term are cut into words alike.
    re.ASCII,
)
_FIRST: Final = 1927
"""The first whole year of the eras that `wareki` knows."""
_MOST: Final = 12
"""Names of a year: ours, 平成元, 平成1, 昭和64, and before a month ours with each era, in four ways."""
_BOTH: Final = ("{}年({}年)", "{}({})年")
_SIGNS: Final = (("month", "月"), ("day", "日"))


def spellings(term: str) -> tuple[str, ...]:
    """The term, then the same with its dates by the other calendar and by both; a term without dates alone.

    2026年 lies in 2026年(令和8年), so only where a month follows are both written, as 2026年(令和8年)6月 is.
    Two dates in a term change together, for a text writes both by one calendar.
    """
    if not _DATE.search(term):
        return (term,)
    return tuple(
        dict.fromkeys((term, *(_DATE.sub(partial(_named, by=place), term) for place in range(_MOST))))
    )


def _named(found: re.Match[str], by: int) -> str:
    """The date by our calendar, or by an era: the newest first; as it stands where it is none."""
    year = era_year(found["era"], found["of_era"]) if found["era"] else int(found["year"])
    try:
        first, last = _span(year, int(found["month"] or 0), int(found["day"] or 0))
    except ValueError:
        return found[0]
    eras = [wareki(day).partition("年")[0] for day in (last, first)]
    own = [era for era in eras if found["era"] and era.startswith(found["era"])]
    # 令和元年 is not 平成31年, though 2019年 is both; a fiscal year and a month of it have either name.
    if own and not found["month"] and not found.string.startswith("度", found.end()):
        eras = own
    ways = [str(year), *(way for era in eras for way in (era, era.replace("元", "1")))]
    names = [f"{way}年" for way in dict.fromkeys(ways)] + (_by_both(year, eras) if found["month"] else [])
    month, day = (f"{int(found[part])}{sign}" if found[part] else "" for part, sign in _SIGNS)
    return f"{names[min(by, len(names) - 1)]}{month}{day}"


def _by_both(year: int, eras: Sequence[str]) -> list[str]:
    pairs = [pair for era in dict.fromkeys(eras) for pair in ((year, era), (era, year))]
    return [form.format(*pair) for form in _BOTH for pair in pairs]


def _span(year: int, month: int, day: int) -> tuple[date, date]:
    """First and last day of a year, month or day (0: not given); `ValueError` for one that is none."""
    if year < _FIRST:
        raise ValueError
    last = month or 12
    return date(year, month or 1, day or 1), date(year, last, day or monthrange(year, last)[1])
