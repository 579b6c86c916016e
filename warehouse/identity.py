"""Is what a known page shows now the release it showed before, or another one?

The Ministry's page numbers were given out twice, so a URL is no identity. The rule, in one place:

    another release  ⇔  another title, and another date, and a text less alike than the bar

The bar depends on how far the two dates lie apart. Within two weeks a new title and date are most likely a
correction made with an edit of the text, so little likeness is enough to call it the same. Further apart it
is another meeting of a series (第4回 / 第5回), whose text differs in little more than its numbers: then
only a text that is the same but for a word or two is still the same release, say with a mistyped year put
right.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from warehouse.content import plain

NEAR_DAYS: Final = 14
NEAR_BAR: Final = 0.5
FAR_BAR: Final = 0.95
_GRAM: Final = 4


@dataclass(frozen=True, slots=True)
class Face:
    """What identity is judged by at first: title and date of a reading, and where its text can be had."""

    title: str
    published_on: date
    reading_id: str


def bar(one: date, other: date) -> float:
    """How alike two texts must be to be one release in spite of another title and another date."""
    return NEAR_BAR if abs((one - other).days) <= NEAR_DAYS else FAR_BAR


def may_differ(one: Face, other: Face) -> bool:
    """Whether title and date both differ, so that the texts must be looked at."""
    return one.published_on != other.published_on and plain(one.title) != plain(other.title)


def likeness(one: str, other: str) -> float:
    """Share of the runs of four characters that two texts have in common, 0 to 1; 0 if either is empty."""
    ours, theirs = _grams(plain(one)), _grams(plain(other))
    if not ours or not theirs:
        return 0.0
    return len(ours & theirs) / len(ours | theirs)


def _grams(text: str) -> set[str]:
    if 0 < len(text) < _GRAM:
        return {text}
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}
