"""One run's work at the site: ask, archive, go on. Small plain steps that a flow strings together."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

import httpx

from extractors.errors import Skip, Stop, Unreachable
from extractors.release import Listing, Unreadable
from sources.breaker import Breaker
from sources.captures import Capture, Failure, Held, Known, RunNote
from sources.client import Client, Timing
from sources.failpoints import failpoint
from sources.locks import Clock, collector_lock
from sources.log import MAX_BYTES, Log
from sources.manners import Budget, Manners, Pace, Unlimited
from sources.outcomes import NoAnswer, NotAsked
from sources.robots import Rules, no_rules, rules_from
from sources.urls import Site, robots_page
from sources.verdict import GOOD, UNCHANGED
from sources.writer import NewId

Progress = Callable[[int, int], None]
MARK = "last-request"
# RFC 9309: a robots.txt that is not there (4xx) forbids nothing; one that cannot be had forbids all.
ABSENT = frozenset(range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)) - {
    HTTPStatus.TOO_MANY_REQUESTS
}


@dataclass(frozen=True, slots=True)
class Wire:
    """What lies below the client: how long and how to wait, and which transport; the real ones by default."""

    transport: httpx.BaseTransport | None = None
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    wall: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Collected:
    """What a run brought: answers by verdict, failures by reason, requests and bytes over the wire."""

    verdicts: Mapping[str, int]
    failures: Mapping[str, int]
    requests: int
    bytes_received: int
    skipped: int


class NoListing(Skip):
    """A list that cannot be had or read; `verdict` says how it was answered, empty without an answer."""

    def __init__(self, detail: str, *, verdict: str = "") -> None:
        super().__init__(detail)
        self.verdict = verdict


class Collector:
    """The one client at the site, with the log it writes to; a context manager.

    While it is open it holds the collector lock (`locked=True` says that the caller holds it already). Its
    file is sealed on leaving, by an error too. `known` is what the archive knows of each page; pages in
    `fresh` were captured whole by a run that was cut off, and are not asked again.
    """

    def __init__(  # noqa: PLR0913 - what a run is given; the flow fills it from the settings
        self,
        log: Log,
        note: RunNote,
        *,
        clock: Clock,
        new_id: NewId,
        read_listing: Callable[..., Listing | Unreadable],
        known: Mapping[str, Known],
        fresh: frozenset[str] = frozenset(),
        contact: str | None = None,
        manners: Manners | None = None,
        budget: Budget | None = None,
        wire: Wire | None = None,
        lock_wait: float = 60.0,
        locked: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self.site = Site(note.site)
        self._log, self._note, self._clock, self._new_id = log, note, clock, new_id
        self._read_listing, self._known, self._fresh = read_listing, known, fresh
        self._manners, self._budget, self._wire = manners or Manners(), budget or Unlimited(), wire or Wire()
        self._contact, self._lock_wait, self._locked = contact, lock_wait, locked
        self._max_bytes = max_bytes
        self._stack = ExitStack()
        self._breaker = Breaker(self._manners.breaker)
        self._answers: dict[str, Capture | Failure] = {}
        self._listings: dict[str, Listing] = {}
        self._skipped = 0
        self._ready = False

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            if not self._locked:
                stack.enter_context(collector_lock(self._log.root, wait=self._lock_wait, clock=self._clock))
            self._writer = stack.enter_context(
                self._log.writer(
                    self._note, clock=self._clock, new_id=self._new_id, max_bytes=self._max_bytes
                )
            )
            self._client = stack.enter_context(self._make_client())
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def run_id(self) -> str:
        """Identifier of the run in the log."""
        return self._note.run_id

    def listing(self, url: str, *, max_age: timedelta | None = None) -> Listing:
        """Ask an index or month page and read it; `NoListing` if that gives no list.

        With `max_age`, a list that was asked so recently is read from the log and not asked at all.
        """
        page = self.site.canonical(url)
        if page not in self._listings:
            self._listings[page] = self._read(page, max_age)
        return self._listings[page]

    def page(self, page: str) -> Capture | Failure:
        """Ask one page; what came of it is in the log when this returns. `Stop` ends the run.

        A page already asked in this run is not asked again: its first outcome comes back.
        """
        if page in self._answers:
            return self._answers[page]
        try:
            return self._get(page).capture
        except (NoAnswer, NotAsked):
            return self._answers[page]

    def pages(self, pages: Iterable[str], progress: Progress | None = None) -> Iterator[Capture | Failure]:
        """Ask pages one after the other, leaving out those that are fresh on disk."""
        wanted = list(dict.fromkeys(pages))
        for number, page in enumerate(wanted, start=1):
            if page in self._fresh:
                self._skipped += 1
            else:
                yield self.page(page)
            if progress is not None:
                progress(number, len(wanted))

    def summary(self) -> Collected:
        """What the run has brought so far."""
        answers = self._answers.values()
        return Collected(
            verdicts=Counter(answer.verdict for answer in answers if isinstance(answer, Capture)),
            failures=Counter(answer.reason for answer in answers if isinstance(answer, Failure)),
            requests=self._writer.requests,
            bytes_received=self._writer.bytes_received,
            skipped=self._skipped,
        )

    def _get(self, page: str) -> Held:
        """One page with everything that goes with it: rules first, the outcome into the log, the breaker."""
        self._prepare()
        try:
            held = self._client.get(page, self._known.get)
        except (NoAnswer, NotAsked) as error:
            self._answers[page] = self._writer.failure(page, error.reason, error.detail)
            if isinstance(error, NoAnswer):
                self._breaker.failed(error.detail)
            raise
        failpoint("page-fetched")
        self._answers[page] = held.capture
        self._breaker.answered(held.capture)
        return held

    def _read(self, page: str, max_age: timedelta | None) -> Listing:
        payload, charset = self._recent(page, max_age), None
        if payload is None:
            try:
                held = self._get(page)
            except (NoAnswer, NotAsked) as error:
                raise NoListing(str(error)) from error
            payload, charset = self._list_payload(held), held.capture.charset
        listing = self._read_listing(payload, url=page, charset=charset)
        if isinstance(listing, Unreadable):
            raise NoListing(
                f"{page} is in no markup we know ({listing.reason}): {listing.detail}", verdict=GOOD
            )
        return listing

    def _list_payload(self, held: Held) -> bytes:
        capture = held.capture
        if capture.verdict == GOOD and held.payload is not None:
            return held.payload
        if capture.verdict == UNCHANGED:
            known = self._known.get(capture.page)
            payload = self._log.recall(known) if known is not None else None
            if payload is not None:
                return payload
            raise NoListing(
                f"{capture.page} is unchanged, but what it was is not in the log; run `moej verify`"
            )
        what = f"answered {capture.status} ({capture.verdict})"
        raise NoListing(f"{capture.page} {what}", verdict=capture.verdict)

    def _recent(self, page: str, max_age: timedelta | None) -> bytes | None:
        known = self._known.get(page)
        if max_age is None or known is None or self._clock() - known.asked_at >= max_age:
            return None
        return self._log.recall(known)

    def _prepare(self) -> None:
        """Have the site's rules before the first page is asked."""
        if not self._ready:
            self._client.obey(self._rules())
            self._ready = True

    def _rules(self) -> Rules:
        page = robots_page()
        recent = self._recent(page, self._manners.robots_age)
        if recent is not None:
            return rules_from(recent)
        try:
            held = self._client.get(page, self._known.get)
        except (NoAnswer, NotAsked) as error:
            self._writer.failure(page, error.reason, error.detail)
            unanswered = isinstance(error, NoAnswer)
            raise (Unreachable if unanswered else Stop)(
                f"the site's robots.txt cannot be had, so nothing may be asked: {error}"
            ) from error
        capture = held.capture
        self._answers[page] = capture
        # An empty robots.txt is a whole one: it forbids nothing.
        empty = capture.status == HTTPStatus.OK and held.payload == b"" and capture.truncated is None
        if empty or capture.status in ABSENT:
            return no_rules()
        try:
            return rules_from(self._list_payload(held))
        except NoListing as error:
            raise Stop(f"the site's robots.txt cannot be read, so nothing may be asked: {error}") from error

    def _make_client(self) -> Client:
        manners, wire = self._manners, self._wire
        contact = f" (+{self._contact})" if self._contact else ""
        return Client(
            self.site,
            user_agent=self._note.software + contact,
            archive=self._writer.exchange,
            pace=Pace(manners.pause, wire.monotonic, wire.sleep, wire.wall, self._log.root / MARK),
            timing=Timing(self._clock, wire.monotonic, wire.sleep, wire.wall),
            budget=self._budget,
            manners=manners,
            transport=wire.transport,
        )
