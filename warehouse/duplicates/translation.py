"""Finds the announcement in the other language by what both write alike.

The two texts share no words, but countries, dates, numbers and Latin names (anchors). Numbers of pages are
unrelated (SITE.md) and the same day is usual, not sure: so each release looks through the other language's
releases of the days around its own, and two are translations if each is the other's best.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from warehouse.duplicates.profile import folded_body
from warehouse.search.folding import fold

DAYS: Final = 7
"""How many days may lie between the two."""
ENOUGH: Final = 0.55
_PER_DAY: Final = 0.02
_WEIGHTS: Final = {"c": 0.3, "d": 0.2, "e": 0.2, "l": 0.25, "n": 0.35}
_LEAST: Final = 3
"""Shared anchors below this prove nothing: two releases of one day share that day."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_JAPANESE_DAY = re.compile(r"(\d{1,2})月\s*(\d{1,2})\s*日")
_ENGLISH_DAY = re.compile(
    rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?\b|\b(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}\b"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_LATIN = re.compile(r"[A-Z][A-Za-z]+[0-9]*")
_YEAR = range(1900, 2101)
_COMMON = frozenset(
    """the this in press release ministry environment japan government pdf kb mb
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday""".split()  # noqa: SIM905 - read as text
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """A release as translations are found: its anchors, each with its kind in front (`c:mn`)."""

    release_id: str
    published_on: date
    lang: str
    url: str
    anchors: frozenset[str]
    links: frozenset[str]


def anchors(row: Mapping[str, Any]) -> list[str]:
    """What another language would write alike in this row of `releases`, sorted."""
    text = f"{row['title'] or ''}\n{row['body'] or row['lead'] or ''}"
    folded = f"{fold(row['title'] or '')}\n{folded_body(row)}"
    found = {f"c:{code.lower()}" for code in row["countries"] or ()}
    found |= {f"e:{day.isoformat()}" for day in (row["event_starts_on"], row["event_ends_on"]) if day}
    found |= {f"d:{month:02}{day:02}" for month, day in _days(folded)}
    plain = _NUMBER.findall(_ENGLISH_DAY.sub(" ", _JAPANESE_DAY.sub(" ", folded)))
    found |= {f"n:{n}" for n in (one.replace(",", "") for one in plain) if _tells(n)}
    found |= {f"l:{word}" for word in map(str.lower, _LATIN.findall(text)) if word not in _COMMON}
    return sorted(found)


def _days(folded: str) -> Iterable[tuple[int, int]]:
    yield from ((int(month), int(day)) for month, day in _JAPANESE_DAY.findall(folded))
    for month, day, day_before, month_after in _ENGLISH_DAY.findall(folded):
        yield _MONTHS.index((month or month_after)[:3]) + 1, int(day or day_before)


def _tells(number: str) -> bool:
    """Whether a number is worth comparing: years and single digits stand in every text."""
    return len(number) > 1 and not (number.isdigit() and int(number) in _YEAR)


def score(one: Anchored, other: Anchored) -> float:
    """How surely two releases in different languages are one announcement, 0 to 1. Symmetrical."""
    apart = abs((one.published_on - other.published_on).days)
    if one.lang == other.lang or apart > DAYS:
        return 0.0
    if one.url in other.links or other.url in one.links:
        return 1.0
    shared = one.anchors & other.anchors
    if len(shared) < _LEAST:
        return 0.0
    left, right = _by_kind(one.anchors), _by_kind(other.anchors)
    weight = value = 0.0
    for kind in left.keys() & right.keys():
        weight += _WEIGHTS[kind]
        value += _WEIGHTS[kind] * len(left[kind] & right[kind]) / min(len(left[kind]), len(right[kind]))
    missing = sum(_WEIGHTS[kind] for kind in (left.keys() ^ right.keys()) & {"c", "e"})
    return round(max(0.0, value / (weight + missing) - _PER_DAY * apart), 4)


Days = dict[date, dict[str, list[Anchored]]]
"""Releases by their day, then by their language."""


def days_near(days: Iterable[date], apart: int) -> list[date]:
    """All days from `apart` before one of these to `apart` after it, in order."""
    found = {day.toordinal() + step for day in days for step in range(-apart, apart + 1)}
    return [date.fromordinal(one) for one in sorted(found)]


def _by_kind(every: frozenset[str]) -> dict[str, set[str]]:
    kinds: dict[str, set[str]] = {}
    for anchor in every:
        kinds.setdefault(anchor[0], set()).add(anchor)
    return kinds


def translations(
    releases: Sequence[Anchored], of: frozenset[str]
) -> Iterable[tuple[Anchored, Anchored, float]]:
    """Pairs (Japanese or first language, other, score) with an end in `of`, each the other's best.

    `releases` must hold everything within twice `DAYS` of the releases `of`: a rival of a partner counts too.
    """
    by_day: Days = {}
    for one in releases:
        by_day.setdefault(one.published_on, {}).setdefault(one.lang, []).append(one)
    best: dict[str, tuple[float, Anchored] | None] = {}
    for one in releases:
        if one.release_id not in of:
            continue
        partner = _best(one, by_day, best)
        back = _best(partner[1], by_day, best) if partner else None
        if partner and back and back[1].release_id == one.release_id:
            yield one, partner[1], partner[0]


def _best(
    one: Anchored, by_day: Days, known: dict[str, tuple[float, Anchored] | None]
) -> tuple[float, Anchored] | None:
    """The likeliest translation; among equals the nearest day, then the smaller id: order does not matter."""
    if one.release_id not in known:
        near = (by_day.get(day, {}) for day in days_near([one.published_on], DAYS))
        # By language first: most days have announcements in one only, and a month has hundreds.
        others = (other for day in near for lang, every in day.items() if lang != one.lang for other in every)
        scored = [(score(one, other), other) for other in others]
        good = [(value, other) for value, other in scored if value >= ENOUGH]
        known[one.release_id] = min(
            good,
            key=lambda s: (-s[0], abs((s[1].published_on - one.published_on).days), s[1].release_id),
            default=None,
        )
    return known[one.release_id]
