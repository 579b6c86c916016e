"""Hours of an event as `09:00-12:00`, from every way the Ministry writes them."""

import re
from typing import NamedTuple

_CLOCK = (
    r"(?:(?P<half{0}>午前|午後|AM|PM)\s*)?(?P<hour{0}>(?<!\d)\d{{1,2}})\s*"
    r"(?:[::]\s*(?P<minute{0}>\d{{2}})(?!\d)|時\s*(?:(?P<kanji{0}>\d{{1,2}})\s*分|(?P<thirty{0}>半))?)?"
    r"(?:\s*(?P<suffix{0}>[ap]\.?m\b\.?))?"
)
_RANGE = re.compile(
    _CLOCK.format(1)
    + r"\s*(?:\([^()]{0,12}\)\s*)?(?:[-‐-―−~〜～ー－]|から|より|to|until)\s*(?:翌日\s*)?"
    + _CLOCK.format(2),
    re.IGNORECASE,
)
_START = re.compile(_CLOCK.format(1) + r"(?P<open>\s*(?:[-‐-―−~〜～ー－]|から|より|onwards))?", re.IGNORECASE)


class _Clock(NamedTuple):
    hour: int
    minute: int
    half: str
    marked: bool


def hours(text: str) -> str | None:
    """The first hours in folded text: `09:00-12:00`; `14:00-` where only a beginning is given; else None."""
    text = text.replace("正午", "12:00")
    for match in _RANGE.finditer(text):
        first, second = _clock(match, "1"), _clock(match, "2")
        if not (first.marked or second.marked) or not second.marked:
            continue
        if (
            not first.half
            and second.half == "p"
            and first.hour < second.hour % 12 + 12
            and first.hour + 12 <= second.hour % 12 + 12
        ):
            first = first._replace(half="p")
        if not second.half and first.half == "p" and second.hour < 12:  # noqa: PLR2004
            second = second._replace(half="p")
        begin, end = _shown(first), _shown(second)
        if begin and end:
            return f"{begin}-{end}"
    for match in _START.finditer(text):
        clock = _clock(match, "1")
        begin = _shown(clock)
        if clock.marked and begin:
            return f"{begin}-" if match["open"] else begin
    return None


def _clock(match: re.Match[str], which: str) -> _Clock:
    minute = match[f"minute{which}"] or match[f"kanji{which}"] or ("30" if match[f"thirty{which}"] else "0")
    mark = (match[f"half{which}"] or match[f"suffix{which}"] or "").lower()
    half = "p" if mark.startswith(("p", "午後")) else "a" if mark else ""
    text = match[0]
    marked = bool(match[f"minute{which}"] or match[f"suffix{which}"] or "時" in text or match[f"half{which}"])
    return _Clock(int(match[f"hour{which}"]), int(minute), half, marked)


def _shown(clock: _Clock) -> str | None:
    hour = clock.hour % 12 if clock.half and clock.hour <= 12 else clock.hour  # noqa: PLR2004
    if clock.half == "p":
        hour += 12
    # 午後12時 is written for noon and 午前12時 for midnight; 24:00 ends a day.
    return f"{hour:02}:{clock.minute:02}" if hour <= 24 and clock.minute < 60 else None  # noqa: PLR2004
