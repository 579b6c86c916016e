"""What the tests of this room share: a clock that stands in their hand, ids that count, a run in one call."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID

from extractors.release import Listed, Listing, Unreadable
from sources import Capture, Failure, Held, Known, Log, RunNote
from sources.collect import Collector, Wire
from sources.manners import Manners
from sources.verdict import GOOD

BEGIN = datetime(2026, 6, 2, 22, 0, tzinfo=UTC)
MINISTRY = "https://www.env.go.jp"
PAGE = f"{MINISTRY}/press/press_05001.html"
PATH = "/press/press_05001.html"
QUICK = Manners(pause=0, connect=20, read=20, total=40, max_page=1 << 20, max_file=2 << 20, attempts=3)


@dataclass(slots=True)
class Time:
    """A clock that moves only when somebody sleeps, or when a test says so."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Move on, and remember it."""
        self.slept.append(seconds)
        self.seconds += seconds

    def wall(self) -> float:
        """The time as files have it."""
        return BEGIN.timestamp() + self.seconds

    def clock(self) -> datetime:
        """The time as the archive has it."""
        return BEGIN + timedelta(seconds=self.seconds)

    def wire(self) -> Wire:
        """This clock for a collector."""
        return Wire(monotonic=self.monotonic, sleep=self.sleep, wall=self.wall)


def counting(start: int = 0) -> Callable[[], str]:
    """Ids that count, in the form of UUIDs."""
    numbers = iter(range(start + 1, 1 << 62))
    return lambda: str(UUID(int=next(numbers)))


def read_listing(payload: bytes, *, url: str, charset: str | None = None) -> Listing | Unreadable:
    """A list as the tests write it: `<li>2026-06-01 <a href=…>title</a>`, months as `<b>href</b>`."""
    text = payload.decode(charset or "utf-8")
    if "<ul" not in text:
        return Unreadable("unknown-markup", found=text[:40], expected="a list of releases")
    items = tuple(
        Listed(urljoin(url, href), title, date.fromisoformat(day))
        for day, href, title in re.findall(r"<li>(\S+) <a href=([^>\s]+)>(.*?)</a>", text)
    )
    months = tuple(urljoin(url, href) for href in re.findall(r"<b>(.*?)</b>", text))
    return Listing(url, "en" if "/en/" in url else "ja", items, months, says_empty="該当なし" in text)


def listing_page(*items: tuple[str, str], months: tuple[str, ...] = ()) -> bytes:
    """A list for `read_listing`: (day, address) each, and addresses of months."""
    rows = "".join(f"<li>{day} <a href={href}>{href}</a></li>" for day, href in items)
    links = "".join(f"<b>{month}</b>" for month in months)
    return f"<html><body><ul class='c-news-link'>{rows}</ul>{links}</body></html>".encode()


def note(site: str, run_id: str = "run-1", kind: str = "daily", at: datetime = BEGIN) -> RunNote:
    """The beginning of a run."""
    return RunNote(run_id, kind, site, at, "moej/test")


def collector(  # noqa: PLR0913 - what a test may want to vary
    log: Log,
    site: str,
    *,
    run_id: str = "run-1",
    manners: Manners = QUICK,
    wire: Wire | None = None,
    known: dict[str, Known] | None = None,
    fresh: frozenset[str] = frozenset(),
    clock: Callable[[], datetime] = lambda: BEGIN,
) -> Collector:
    """A collector with quick manners, ids by run and no pause."""
    start = sum(run_id.encode()) << 40
    return Collector(
        log,
        note(site, run_id),
        clock=clock,
        new_id=counting(start),
        read_listing=read_listing,
        known=known or {},
        fresh=fresh,
        contact="test@example.org",
        manners=manners,
        wire=wire,
        lock_wait=0,
    )


def fetch(
    log: Log, site: str, *pages: str, run_id: str = "run-1", manners: Manners = QUICK
) -> list[Capture | Failure]:
    """One whole run over some pages, with what the log knows by then."""
    with collector(log, site, run_id=run_id, known=known_of(log), manners=manners) as open_collector:
        return list(open_collector.pages(pages))


def entries(log: Log) -> Iterator[object]:
    """Everything the log says, in arrival order."""
    for sealed in log.sealed():
        yield from log.scan(sealed.name)


def held(log: Log) -> list[Held]:
    """All captures of the log."""
    return [entry for entry in entries(log) if isinstance(entry, Held)]


def known_of(log: Log) -> dict[str, Known]:
    """What an archive made from this log knows."""
    known: dict[str, Known] = {}
    for each in (entry.capture for entry in held(log)):
        if each.verdict == GOOD:
            known[each.page] = Known(
                each.page,
                each.digest,
                each.capture_id,
                each.url,
                each.fetched_at,
                each.fetched_at,
                each.etag,
                each.last_modified,
            )
    return known


def open_files(root: Path) -> list[Path]:
    """Files that are still being written."""
    return sorted(root.rglob("*.open"))
