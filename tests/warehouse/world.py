"""A log in memory and pages of our own, so that tests of the archive need neither network nor WARC."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from extractors.release import Attachment, Fact, Link, Listed, Listing, Release, Unreadable
from sources.captures import Capture, Entry, Failure, Held, RunNote
from sources.urls import family
from tests.warehouse.backends import loader
from warehouse import Draft, Loaded, aliases, materialise
from warehouse.follow import Follow

SITE = "https://www.env.go.jp"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def page(number: int = 1) -> str:
    """Canonical address of a page of releases."""
    return f"{SITE}/press/press_{number:05d}.html"


def file(number: int = 1) -> str:
    """Canonical address of a file that pages link to."""
    return f"{SITE}/content/{number:09d}.pdf"


def text(
    title: str = "第1回会合の開催について",
    day: str = "2026-01-05",
    body: str = "本文である。",
    **more: object,
) -> bytes:
    """A page as `read` below understands it: its fields as JSON."""
    return json.dumps({"title": title, "day": day, "body": body} | more, ensure_ascii=False).encode()


def index(*items: tuple[str, str], says_empty: bool = False) -> bytes:
    """An index page as `read_listing` below understands it: pairs of address and title."""
    return json.dumps({"items": items, "says_empty": says_empty}, ensure_ascii=False).encode()


def read(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    media_type: str | None = None,
    charset: str | None = None,
) -> Release | Unreadable:
    """Stands in for the extractor: JSON in, record out."""
    _ = (fetched_at, media_type, charset)
    try:
        found = json.loads(payload)
    except ValueError:
        return Unreadable("no title", found=payload[:20].decode(errors="replace"))
    return Release(
        url=url,
        lang="en" if "/en/" in url else "ja",
        title=found["title"],
        published_on=date.fromisoformat(found["day"]),
        body=found["body"],
        body_markdown=found.get("markdown", found["body"]),
        facts=tuple(Fact(label, value) for label, value in found.get("facts", ())),
        attachments=tuple(Attachment("別紙", url, "application/pdf") for url in found.get("files", ())),
        links=tuple(Link(title, url) for title, url in found.get("links", ())),
        jcm_role=found.get("role", "none"),
        template="json",
    )


def read_better(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    media_type: str | None = None,
    charset: str | None = None,
) -> Release | Unreadable:
    """Another extractor: it sees a subject where the first saw nothing."""
    result = read(payload, url=url, fetched_at=fetched_at, media_type=media_type, charset=charset)
    if isinstance(result, Release) and "JCM" in result.body:
        return replace(result, jcm_role="subject")
    return result


def read_listing(payload: bytes, *, url: str, charset: str | None = None) -> Listing | Unreadable:
    """Stands in for the reader of index pages."""
    _ = charset
    try:
        found = json.loads(payload)
    except ValueError:
        return Unreadable("no list")
    items = tuple(Listed(url, title, date(2026, 1, 5)) for url, title in found["items"])
    return Listing(url, "ja", items, says_empty=found["says_empty"])


@dataclass(frozen=True, slots=True)
class File:
    """A sealed file of the log in memory."""

    name: str
    sequence: int
    sha256: str
    bytes: int
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class MemoryLog:
    """The log in memory; `payload` finds bytes by place as the real one does.

    `machine` tells ids apart where several machines have a log each.
    """

    files: list[File] = field(default_factory=list)
    limit: int | None = None
    machine: str = ""

    def sealed(self) -> tuple[File, ...]:
        """All files, or the first `limit` of them."""
        return tuple(self.files[: self.limit])

    def scan(self, name: str) -> Iterator[Entry]:
        """What a file holds."""
        return iter(next(file for file in self.files if file.name == name).entries)

    def payload(self, warc_file: str, offset: int) -> bytes:
        """The bytes at a place."""
        for entry in self.scan(warc_file):
            if isinstance(entry, Held) and entry.capture.warc_offset == offset and entry.payload is not None:
                return entry.payload
        raise LookupError(f"no payload in {warc_file} at {offset}")


@dataclass(slots=True)
class Run:
    """One run, written entry by entry and sealed into the log by `seal`."""

    log: MemoryLog
    at: datetime = START
    kind: str = "run"
    site: str = SITE
    entries: list[Entry] = field(default_factory=list)
    ended: bool = True

    @property
    def number(self) -> int:
        """Number of the file this run will be."""
        return len(self.log.files) + 1

    @property
    def run_id(self) -> str:
        """A name for the run."""
        return f"run-{self.log.machine}{self.number:04d}"

    @property
    def name(self) -> str:
        """A name for the file."""
        return f"2026/01/{self.number:06d}-{self.kind}-{self.run_id}.warc.gz"

    def get(  # noqa: PLR0913 - what a response may be
        self,
        url: str,
        payload: bytes | None,
        *,
        at: datetime | None = None,
        verdict: str = "good",
        status: int = 200,
        asked: str | None = None,
        location: str | None = None,
        like: bytes | None = None,
    ) -> Capture:
        """A response; `like` names the bytes that a revisit stands for."""
        place = len(self.entries)
        held = payload if payload is not None else like or b""
        capture = Capture(
            capture_id=f"c-{self.log.machine}{self.number:04d}-{place:04d}",
            run_id=self.run_id,
            url=asked or url,
            page=url,
            fetched_at=at or self.at + timedelta(seconds=3 * place),
            status=status,
            media_type="text/html",
            charset="utf-8",
            family=family(url),
            verdict=verdict,
            digest=f"sha256:{sha256(held).hexdigest()}",
            bytes=len(payload or b""),
            warc_file=self.name,
            warc_offset=place,
            warc_length=1,
            location=location,
            revisit=payload is None,
        )
        self.entries.append(Held(capture, payload))
        return capture

    def same(self, url: str, like: bytes, *, at: datetime | None = None) -> Capture:
        """Not modified: the record stands for bytes that are in the log."""
        return self.get(url, None, at=at, verdict="unchanged", status=304, like=like)

    def gone(self, url: str, *, at: datetime | None = None) -> Capture:
        """The page was not there."""
        return self.get(url, b"not found", at=at, verdict="gone", status=404)

    def fail(self, url: str, reason: str = "timeout") -> None:
        """The page gave no response."""
        self.entries.append(Failure(self.run_id, url, self.at, reason, "no answer within 30 s"))

    def seal(self) -> File:
        """End the run and put its file into the log."""
        note = RunNote(self.run_id, self.kind, self.site, self.at, "moej test")
        entries: list[Entry] = [note, *self.entries]
        if self.ended:
            end = self.at + timedelta(minutes=5)
            entries.append(replace(note, finished_at=end, status="done", requests=len(self.entries)))
        file = File(self.name, self.number, sha256(self.name.encode()).hexdigest(), 1000, tuple(entries))
        self.log.files.append(file)
        return file


def load(
    draft: Draft,
    log: MemoryLog,
    *,
    version: str = "1",
    better: bool = False,
    follow: tuple[Follow, ...] = (aliases.refresh,),
) -> Loaded:
    """Load with the readers of this module; search and near-duplicates have tests of their own."""
    return materialise(
        draft,
        log,
        read=read_better if better else read,
        read_listing=read_listing,
        extractor_version=version,
        clock=lambda: START,
        follow=follow,
    )


def load_all(folder: Path, log: MemoryLog, *, version: str = "1", better: bool = False) -> Loaded:
    """Open a draft of the archive in a folder, load, and put it in place."""
    with loader(folder).draft() as draft:
        return load(draft, log, version=version, better=better)
