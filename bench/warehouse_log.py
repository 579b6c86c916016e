"""A log in memory that plays days of captures to the loader, and the reader of its payloads."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from bench.warehouse_corpus import Made
from extractors.release import Listing, Release
from sources.captures import Capture, Entry, Held, RunNote

SITE = "https://www.env.go.jp"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class File:
    """A sealed file and what it holds."""

    name: str
    sequence: int
    sha256: str
    bytes: int
    made: tuple[Made, ...]
    unchanged: bool
    entries: tuple[Entry, ...] = ()


@dataclass(slots=True)
class PlayedLog:
    """Days of captures: new pages, the same pages again, or pages with another text."""

    first: int = 1
    files: list[File] = field(default_factory=list)

    def day(self, made: Sequence[Made], *, unchanged: bool = False) -> None:
        """Seal a file with one capture of each release; `unchanged` ones came back as 304."""
        number = self.first + len(self.files)
        name = f"2026/01/{number:06d}-run-bench.warc.gz"
        size = 0 if unchanged else sum(len(_payload(one)) for one in made)
        file = File(name, number, sha256(name.encode()).hexdigest(), size, tuple(made), unchanged)
        self.files.append(replace(file, entries=tuple(_entries(file))))

    def sealed(self) -> tuple[File, ...]:
        """All files."""
        return tuple(self.files)

    def scan(self, name: str) -> Iterator[Entry]:
        """The run's note, then one capture after the other."""
        yield from next(file for file in self.files if file.name == name).entries

    def payload(self, warc_file: str, offset: int) -> bytes:
        """The payload at a place."""
        return _payload(next(file for file in self.files if file.name == warc_file).made[offset])


def _entries(file: File) -> Iterator[Entry]:
    began = START + timedelta(days=file.sequence)
    yield RunNote(f"run-{file.sequence}", "run", SITE, began, "bench")
    for place, made in enumerate(file.made):
        yield Held(_capture(file, place, made, began), None if file.unchanged else _payload(made))


def address(made: Made) -> str:
    """The page of a release."""
    return f"{SITE}/press/press_{made.number:06d}.html"


def _payload(made: Made) -> bytes:
    day = made.published_on.isoformat()
    return json.dumps([made.title, day, made.body, made.jcm], ensure_ascii=False).encode()


def _capture(file: File, place: int, made: Made, began: datetime) -> Capture:
    payload = _payload(made)
    return Capture(
        capture_id=f"{file.sequence:06d}-{place:06d}",
        run_id=f"run-{file.sequence}",
        url=address(made),
        page=address(made),
        fetched_at=began + timedelta(seconds=place),
        status=304 if file.unchanged else 200,
        media_type="text/html",
        charset="utf-8",
        family="release",
        verdict="unchanged" if file.unchanged else "good",
        digest=f"sha256:{sha256(payload).hexdigest()}",
        bytes=0 if file.unchanged else len(payload),
        warc_file=file.name,
        warc_offset=place,
        warc_length=1,
        revisit=file.unchanged,
    )


def read(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    media_type: str | None = None,
    charset: str | None = None,
) -> Release:
    """Stands in for the extractor, which has a benchmark of its own."""
    _ = (fetched_at, media_type, charset)
    title, day, body, jcm = json.loads(payload)
    role = "subject" if jcm else "none"
    return Release(
        url=url,
        lang="ja",
        title=title,
        published_on=date.fromisoformat(day),
        body=body,
        jcm_role=role,
        template="bench",
    )


def read_listing(payload: bytes, *, url: str, charset: str | None = None) -> Listing:
    """There are no lists in this log."""
    _ = (payload, charset)
    return Listing(url, "ja", ())
