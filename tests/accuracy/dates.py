"""Days and hours in each way SITE.md says the Ministry prints them, with what they mean."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

WEEK = "月火水木金土日"
_WIDE = str.maketrans("0123456789:()~-", "０１２３４５６７８９：（）～－")


@dataclass(frozen=True, slots=True)
class When:
    """A printed time with its meaning; `hours` as `09:00-12:00`."""

    text: str
    starts: date
    ends: date
    hours: str | None = None


def week(day: date) -> str:
    """The day of the week in one character."""
    return WEEK[day.weekday()]


def era(day: date) -> str:
    """令和3年9月27日, 平成元年 …."""
    begin, name = (2019, "令和") if day >= date(2019, 5, 1) else (1989, "平成")
    year = day.year - begin + 1
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def plain(day: date) -> str:
    """2025年6月18日."""
    return f"{day.year}年{day.month}月{day.day}日"


def english(day: date) -> str:
    """April 04, 2025."""
    return f"{day:%B %d, %Y}"


SINGLE: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d:%Y年%m月%d日}",
    lambda d: f"{plain(d)}({week(d)})",
    lambda d: f"{plain(d)}（{week(d)}）",
    era,
    lambda d: f"{era(d)}（{week(d)}）",
    lambda d: f"{d.month}月{d.day} 日({week(d)})",
    lambda d: f"{d.month}月{d.day}日({week(d)})",
    lambda d: plain(d).translate(_WIDE),
)
RANGE: tuple[Callable[[date, date], str], ...] = (
    lambda a, b: f"{plain(a)}から同年{b.month}月{b.day}日",
    lambda a, b: f"{plain(a)}から同年{b.month}月{b.day}日まで",
    lambda a, b: f"{plain(a)}({week(a)})～{b.month}月{b.day}日({week(b)})",
    lambda a, b: f"{era(a)}（{week(a)}）～{era(b)}（{week(b)}）",
)
RANGE_IN_MONTH: tuple[Callable[[date, date], str], ...] = (
    lambda a, b: f"{plain(a)}から同年{b.day}日",
    lambda a, b: f"{a.month}月{a.day}日({week(a)})～{b.day}日({week(b)})",
    lambda a, b: f"{plain(a)}（{week(a)}）～{b.day}日（{week(b)}）",
)
ENGLISH: tuple[Callable[[date], str], ...] = (
    english,
    lambda d: f"{d:%B} {d.day}{suffix(d.day)}, {d.year}",
    lambda d: f"{d:%d %b %Y}",
)


def suffix(number: int) -> str:
    """st, nd, rd or th."""
    if 10 < number % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def when(published: date, randomness: Random, *, lang: str) -> When:
    """A day or days near publication, with hours or without."""
    starts = published + timedelta(days=randomness.randint(-12, 45))
    if randomness.random() < 0.3:
        return _days(starts, randomness, lang=lang)
    text = randomness.choice(ENGLISH if lang == "en" else SINGLE)(starts)
    if randomness.random() < 0.3:
        return When(text, starts, starts)
    printed, hours = _hours(randomness)
    local = (
        randomness.choice(("", "", "（現地時間）"))
        if lang == "ja"
        else randomness.choice(("", " (local time)"))
    )
    return When(f"{text} {printed}{local}", starts, starts, hours)


def _days(starts: date, randomness: Random, *, lang: str) -> When:
    ends = starts + timedelta(days=randomness.randint(1, 6))
    if lang == "en":
        return When(f"{starts:%d %b %Y} - {ends:%d %b %Y}", starts, ends)
    if ends.month == starts.month and randomness.random() < 0.6:
        return When(randomness.choice(RANGE_IN_MONTH)(starts, ends), starts, ends)
    forms = RANGE if ends.year == starts.year else RANGE[-1:]
    return When(randomness.choice(forms)(starts, ends), starts, ends)


def _hours(randomness: Random) -> tuple[str, str]:
    begin, end = randomness.randint(9, 13), randomness.randint(14, 18)
    half = randomness.choice(("00", "30"))
    dash = randomness.choice(("-", "～", "〜", " - ", "～"))
    printed = f"{begin}:{half}{dash}{end}:00"
    if randomness.random() < 0.15:
        printed = printed.translate(_WIDE)
    return printed, f"{begin:02}:{half}-{end}:00"
