"""When which job is due, by the Ministry's clock: the schedules of `prefect.yaml`, for use without a server.

A wheel holds no `prefect.yaml`, so they stand here too; a test holds the two equal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from cronsim import CronSim

from extractors.site import JAPAN

LOCK_WAIT: Final = 1800.0
"""Seconds a scheduled job waits for the site's one place, which a backfill holds for a month's pages."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A job by the name of its deployment, its times as cron has them, and how long it may take at most."""

    name: str
    cron: str
    limit: timedelta

    def times(self, after: datetime) -> Iterator[datetime]:
        """Its times after a moment, without end, in Japan's time."""
        return CronSim(self.cron, after.astimezone(JAPAN))

    def next_times(self, after: datetime, count: int) -> tuple[datetime, ...]:
        """The first `count` times after a moment."""
        return tuple(islice(self.times(after), count))

    def is_due(self, since: datetime, now: datetime) -> bool:
        """Whether one of its times or more lies after `since` and not after `now`."""
        return next(self.times(since)) <= now


Timetable = tuple[Entry, ...]

TIMETABLE: Final[Timetable] = (
    Entry("watch", "0 9-20 * * 1-5", timedelta(minutes=55)),
    Entry("daily", "30 18 * * *", timedelta(hours=12)),
    Entry("weekly-recheck", "0 3 * * 0", timedelta(hours=24)),
    Entry("deliver-alerts", "*/15 * * * *", timedelta(minutes=10)),
)


def seconds_to_next(timetable: Iterable[Entry], now: datetime) -> float:
    """How long until any of them is due."""
    return min((next(entry.times(now)) - now).total_seconds() for entry in timetable)


def limit_of(name: str) -> timedelta:
    """How long a job may take, by the name of its deployment."""
    return next(entry.limit for entry in TIMETABLE if entry.name == name)
