"""What a backfill still owes, from the archive alone: no file of its own remembers where it stopped.

- a month's list is final once it was had, or found missing, after the month had ended in Japan
- a page is had once it gave an answer that stands: good, unreadable, gone, or led to such a one
- a file is had likewise, or is over the size cap
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from extractors.errors import Usage
from extractors.site import JAPAN
from flows.attachments import Files
from sources import language, month_of, month_page
from sources.discover import LANGUAGES, Month, months_back
from warehouse import Reader

FIRST: Final = (1997, 6)
"""The month of the oldest release that is known to be on the site."""
USUAL: Final = {"ja": 85, "en": 8}
"""Pages a month before any list was read: about 30,000 in the 29 years since 1997, English ones few."""
MONTHS: Final = 12

_MONTH: Final = re.compile(r"(?P<year>(?:19|20)\d{2})-(?P<month>\d{1,2})")
_LISTS: Final = """
SELECT page, max(fetched_at) AS asked_at FROM captures
WHERE family = 'listing' AND verdict IN ('good', 'unchanged', 'gone') GROUP BY page
"""
_LISTED: Final = """
SELECT listed_in, page FROM listings WHERE family = 'release'
GROUP BY listed_in, page ORDER BY listed_in, min(position), page
"""
_HAD: Final = """
WITH stands AS (
    SELECT DISTINCT page FROM captures WHERE verdict IN ('good', 'unchanged', 'unreadable', 'gone')
),
had AS (
    SELECT page FROM stands
    UNION SELECT c.page FROM captures c SEMI JOIN stands s ON s.page = c.target WHERE c.verdict = 'redirect'
    UNION SELECT page FROM failures WHERE reason IN ('elsewhere', 'loop')
)
SELECT page FROM had
"""


@dataclass(frozen=True, slots=True)
class Span:
    """The months from `first` to `last`, both included; `Usage` if there are none."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise Usage(
                f"--from {named(self.first)} is after --to {named(self.last)}: there is no month between"
            )

    @property
    def months(self) -> tuple[Month, ...]:
        """Newest first."""
        return months_back(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Unit:
    """What one month owes: lists to be asked, pages and files that are known of and not had."""

    month: Month
    lists: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is owed, so that no request is made."""
        return not (self.lists or self.pages or self.files)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a span of `months` owes, newest month first: lists, pages and files that are known of.

    `guessed` is what the lists and pages not read yet may bring, by the average of those that were.
    """

    units: tuple[Unit, ...]
    months: int
    lists: int
    pages: int
    files: int
    guessed: int

    @property
    def known(self) -> int:
        """Requests that are known to be owed."""
        return self.lists + self.pages + self.files

    @property
    def requests(self) -> int:
        """Requests still to be made, as far as anybody can say; exact once all lists and pages are read."""
        return self.known + self.guessed


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the archive holds of lists, pages and files, as far as a backfill asks."""

    lists: Mapping[str, datetime] = field(default_factory=dict)
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    had: frozenset[str] = frozenset()
    files: Files = field(default_factory=Files)

    def unit(self, month: Month) -> Unit:
        """What one month owes."""
        lists = [month_page(lang, *month) for lang in LANGUAGES]
        listed = dict.fromkeys(page for one in lists for page in self.listed.get(one, ()))
        return Unit(
            month,
            lists=tuple(one for one in lists if not self._is_final(one, month)),
            pages=tuple(page for page in listed if page not in self.had),
            files=self.files.owed(page for page in listed if page in self.had),
        )

    def _is_final(self, page: str, month: Month) -> bool:
        asked = self.lists.get(page)
        return asked is not None and asked >= end_of(month)

    def owed(self, span: Span) -> Owed:
        """What the months of a span owe."""
        units = [self.unit(month) for month in span.months]
        unread = sum(self._pages_in(page) for unit in units for page in unit.lists if page not in self.lists)
        pages = sum(len(unit.pages) for unit in units)
        return Owed(
            units=tuple(unit for unit in units if not unit.is_done),
            months=len(units),
            lists=sum(len(unit.lists) for unit in units),
            pages=pages,
            files=sum(len(unit.files) for unit in units),
            guessed=unread + round((unread + pages) * self.files.a_page()),
        )

    def _pages_in(self, page: str) -> int:
        """How many pages a list not read yet may name, by those of its language that were read."""
        lang = language(page)
        read = [len(pages) for one, pages in self.listed.items() if month_of(one) and language(one) == lang]
        return round(sum(read) / len(read)) if read else USUAL[lang]


def shelf_of(archive: Reader, *, files: Files) -> Shelf:
    """What the archive holds; `files` empty where files are not archived."""
    listed: dict[str, list[str]] = {}
    for row in archive.rows(_LISTED):
        listed.setdefault(row["listed_in"], []).append(row["page"])
    return Shelf(
        lists={row["page"]: row["asked_at"] for row in archive.rows(_LISTS)},
        listed={page: tuple(pages) for page, pages in listed.items()},
        had=frozenset(row["page"] for row in archive.rows(_HAD)),
        files=files,
    )


def end_of(month: Month) -> datetime:
    """The first moment after a month, by the Ministry's clock: its list can grow no more."""
    year, number = month
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=JAPAN)


def month_from(text: str, *, option: str) -> Month:
    """A month as the command takes it: `2013-01`; `Usage` for anything else, or before the site's first."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found["month"]) <= MONTHS:
        raise Usage(f"{option}: found {text!r}, expected a month as 2013-01")
    return max(FIRST, (int(found["year"]), int(found["month"])))


def named(month: Month) -> str:
    """A month as the command takes it."""
    return f"{month[0]}-{month[1]:02d}"


def still(owed: Owed, today: datetime) -> str:
    """What a span still owes, in one line."""
    if not owed.units:
        return f"nothing is owed: all {owed.months} months are in the archive"
    if owed.known == owed.lists and all(end_of(unit.month) > today for unit in owed.units):
        # Else the newest month would look as if something of it had failed, whenever one calls.
        return (
            f"nothing else is owed until {named(owed.units[0].month)} is over; its lists are asked for again"
        )
    return (
        f"still owed: {len(owed.units)} of {owed.months} months, newest {named(owed.units[0].month)}: "
        f"{owed.lists} lists, {owed.pages} pages, {owed.files} files known, about {owed.guessed} more"
    )
