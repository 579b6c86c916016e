"""The gathering a release tells of: days, hours and place, from what stands under 日時, 場所 and the like."""

from datetime import date
from typing import NamedTuple

from extractors.dates import days
from extractors.hours import hours
from extractors.release import Fact
from extractors.text import fold
from extractors.vocabulary import EVENT_DAY, EVENT_HOURS, EVENT_PLACE

_LONGEST = 600


class Event(NamedTuple):
    """Days (the same for one day), hours as `09:00-12:00`, place as printed; all None without a day."""

    starts_on: date | None = None
    ends_on: date | None = None
    hours: str | None = None
    place: str | None = None


def event(facts: tuple[Fact, ...], published_on: date) -> Event:
    """The first gathering whose day stands under a label."""
    for index, fact in enumerate(facts):
        if not EVENT_DAY.fullmatch(fact.label):
            continue
        text = fold(fact.value[:_LONGEST])
        found = [day.on for day in days(text, published_on)]
        if not found:
            continue
        time = hours(text) or next(
            (
                shown
                for other in facts
                if EVENT_HOURS.fullmatch(other.label) and (shown := hours(fold(other.value)))
            ),
            None,
        )
        return Event(min(found), max(found), time, _place(facts, index))
    return Event()


def _place(facts: tuple[Fact, ...], index: int) -> str | None:
    after = [fact.value for fact in (*facts[index:], *facts[:index]) if EVENT_PLACE.fullmatch(fact.label)]
    return after[0] if after else None
