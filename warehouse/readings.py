"""Captures of the log into readings: which payloads are read, by whom, and what comes back.

Extractors are pure, so reading is spread over processes where there is much of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, Final, Protocol

from extractors.release import Listing, Release, Unreadable
from sources.captures import Entry
from warehouse import columns
from warehouse.content import content_hash
from warehouse.crew import Spread, chunks

_CHUNK: Final = 16


class ReadPage(Protocol):
    """`extractors.read`: the bytes of a release page into a record."""

    def __call__(
        self,
        payload: bytes,
        *,
        url: str,
        fetched_at: datetime,
        media_type: str | None = None,
        charset: str | None = None,
    ) -> Release | Unreadable:
        """Read one page."""


class ReadListing(Protocol):
    """`extractors.read_listing`: the bytes of an index or month page into its items."""

    def __call__(self, payload: bytes, *, url: str, charset: str | None = None) -> Listing | Unreadable:
        """Read one list."""


class Sealed(Protocol):
    """A sealed file of the log."""

    @property
    def name(self) -> str:
        """Path under the folder of the log."""

    @property
    def sequence(self) -> int:
        """Number in the order of sealing."""

    @property
    def sha256(self) -> str:
        """Digest of the file."""

    @property
    def bytes(self) -> int:
        """Size of the file."""


class Readable(Protocol):
    """What a load needs of the log: `sources.Log` has it."""

    def sealed(self) -> "tuple[Sealed, ...]":
        """All sealed files, in the order in which they were sealed."""

    def scan(self, name: str) -> Iterator[Entry]:
        """What one of them holds, in order."""

    def payload(self, warc_file: str, offset: int) -> bytes:
        """The decoded payload at a place."""


@dataclass(frozen=True, slots=True)
class Work:
    """One payload to read; `family` is `release` or `listing`."""

    capture_id: str
    page: str
    family: str
    fetched_at: datetime
    media_type: str | None
    charset: str | None
    payload: bytes


@dataclass(frozen=True, slots=True)
class Staged:
    """A release as a row of staged readings: plain values pass between processes three times as fast."""

    template: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it."""

    capture_id: str
    page: str
    result: Staged | Listing | Unreadable


def read_one(work: Work, *, read: ReadPage, read_listing: ReadListing) -> Reading:
    """Read one payload. A reader that fails is a page we cannot read, not a load that fails."""
    result: Staged | Listing | Unreadable
    try:
        if work.family == "listing":
            result = read_listing(work.payload, url=work.page, charset=work.charset)
        else:
            found = read(
                work.payload,
                url=work.page,
                fetched_at=work.fetched_at,
                media_type=work.media_type,
                charset=work.charset,
            )
            result = _staged(work, found) if isinstance(found, Release) else found
    except Exception as error:  # noqa: BLE001 - one page that breaks the reader must not keep out all others
        return Reading(
            work.capture_id, work.page, Unreadable("reader failed", found=f"{type(error).__name__}: {error}")
        )
    return Reading(work.capture_id, work.page, result)


def _staged(work: Work, release: Release) -> Staged:
    row: dict[str, Any] = {name: getattr(release, name) for name in columns.READ}
    for name in ("facts", "contacts", "attachments", "links", "corrections"):
        row[name] = _plain(row[name])
    row |= {"reading_id": work.capture_id, "page": work.page, "content_hash": content_hash(release)}
    return Staged(release.template, row)


def _plain(records: Iterable[Any]) -> list[Any]:
    """Records as dicts; `dataclasses.asdict` copies every text of them and takes several times as long."""
    return [
        one
        if isinstance(one, str)
        else {
            name: _plain(value) if isinstance(value := getattr(one, name), tuple) else value
            for name in one.__slots__
        }
        for one in records
    ]


def read_many(works: Sequence[Work], *, read: ReadPage, read_listing: ReadListing) -> list[Reading]:
    """Read some payloads, in order."""
    return [read_one(work, read=read, read_listing=read_listing) for work in works]


ReadAll = Callable[[Sequence[Work]], Iterable[Reading]]


def reader(spread: Spread, *, read: ReadPage, read_listing: ReadListing) -> ReadAll:
    """A function that reads many payloads, in order, here or in other processes."""
    job = partial(read_many, read=read, read_listing=read_listing)
    return lambda works: chain.from_iterable(spread(job, chunks(works, _CHUNK)))
