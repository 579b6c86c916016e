"""A press room with a chosen number of releases in a few months, and settings of jobs against it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flows import jobs
from flows.jobs import Steps
from flows.settings import Settings
from pressroom import JST, PressRoom, Record, generate
from warehouse import open_archive

LAST = datetime(2026, 6, 30, 12, 0, tzinfo=JST)
TODAY = datetime(2026, 7, 2, 18, 30, tzinfo=JST)
"""Every month of the releases is over, so that their lists are final."""


def releases(count: int, *, days: int, files: bool = False) -> Iterator[Record]:
    """`count` releases, evenly over the `days` days up to 2026-06-30, without files unless asked for."""
    for number, record in enumerate(generate(count)):
        day = LAST - timedelta(days=days * (count - 1 - number) // count)
        attachments = record.attachments if files else ()
        yield replace(record, published_at=day, attachments=attachments)


@contextmanager
def playing(records: Iterable[Record]) -> Iterator[PressRoom]:
    """The press room with these releases, two days after the last."""
    with PressRoom(list(records), now=TODAY) as room:
        yield room


def settings_of(room: PressRoom, folder: Path, at: datetime = TODAY, **more: object) -> Settings:
    """Settings of a job at a time, the room's clock moved there."""
    room.now = at
    return Settings(data=folder, site=room.url, pause=0, now=at, workers=1, **more)  # type: ignore[arg-type]


def two_days(folder: Path) -> Settings:
    """An archive after two days, with lists, files, a page that moved and one that cannot be read."""
    with playing(releases(12, days=10, files=True)) as room:
        settings = settings_of(room, folder)
        room.fault(room.paths()[0], "unknown-markup")
        jobs.daily(settings, Steps())
        room.cosmetic(room.paths()[1])
        jobs.daily(settings, Steps())
    return settings


def rows(settings: Settings, query: str, *parameters: object) -> list[tuple[object, ...]]:
    """The answer of the published archive."""
    with open_archive(settings.archive) as archive:
        return archive.sql(query, parameters).fetchall()
