"""The press room itself: server, clock, actions, faults, journal in one context manager."""

import threading
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import TracebackType
from typing import Self

from pressroom.answers import Answer, answer, diseased
from pressroom.faults import Fault, Faults
from pressroom.journal import Journal, Seen
from pressroom.library import packaged
from pressroom.lists import Lists
from pressroom.records import JST, Event, Record, moment, revised
from pressroom.server import Server
from pressroom.site import Site
from pressroom.templates.frame import Look
from pressroom.timeline import State, Timeline

_BEFORE_ALL = datetime(1997, 1, 1, tzinfo=JST)


class PressRoom:
    """The Ministry's press room on loopback, from records, at a moment of its own clock.

    `releases` are the packaged ones unless given; `now` is the end of their story unless given;
    `weight` adds that many bytes of menu to every page. Safe to use from several threads.
    """

    def __init__(
        self,
        releases: Iterable[Record] | None = None,
        *,
        now: date | datetime | None = None,
        weight: int = 0,
        port: int = 0,
    ) -> None:
        self._timeline = Timeline(packaged() if releases is None else releases)
        self._now = moment(now) if now else self._timeline.end or _BEFORE_ALL
        self._site = Site(self._timeline, weight=weight)
        self._lists = Lists(self._timeline, Look(weight))
        self._faults = Faults()
        self._journal = Journal()
        self._validators = True
        # Rendering and actions take turns: a page is never made from half a revision.
        self._turn = threading.RLock()
        self._server = Server(port, self._respond, self._journal, lambda: self.now)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends held answers and the server; the port is free afterwards."""
        self._faults.let_all_go()
        self._server.stop()

    @property
    def url(self) -> str:
        """Where it is reached once entered: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def now(self) -> datetime:
        """The room's clock, Japan's time; set it to a moment, or to a day to mean the end of that day."""
        return self._now

    @now.setter
    def now(self, value: date | datetime) -> None:
        with self._turn:
            self._now = moment(value)

    # What the Ministry does

    def revise(self, page: str, *pairs: tuple[str, str], note: str = "") -> None:
        """Replaces old text by new wherever the page has it, and adds the correction note.

        Raises `NotOnPageError` when an old text stands nowhere on the page.
        """
        with self._turn:
            state = self._standing(page)
            revised(state.record, pairs, note)
            self._happen(state.record, Event(self._now, "revise", pairs, note))

    def cosmetic(self, page: str) -> None:
        """Gives the page another markup with the same content."""
        self._happen(self._standing(page).record, Event(self._now, "cosmetic"))

    def withdraw(self, page: str, *, status: int = 404, listed: bool = False) -> None:
        """Takes the page down: 404 or 410; lists drop it too unless `listed`."""
        self._happen(self._standing(page).record, Event(self._now, "withdraw", status=status, listed=listed))

    def restore(self, page: str) -> None:
        """Puts a withdrawn page up again."""
        self._happen(self._standing(page).record, Event(self._now, "restore"))

    def publish(self, record: Record) -> None:
        """Adds a release; it appears when the clock reaches its `published_at`."""
        with self._turn:
            self._timeline.add(record)

    def replace(self, page: str, record: Record) -> None:
        """Puts another release at a known URL, from its own `published_at` on; lists keep the old line."""
        path = self._standing(page).record.path
        if record.path != path:
            raise ValueError(
                f"the new release is for {record.path}; expected the address it takes over, {path}"
            )
        self.publish(record)

    def validators(self, on: bool) -> None:  # noqa: FBT001 -- a switch; `validators(False)` reads as what it does
        """Whether pages carry ETag and Last-Modified and may be answered 304."""
        self._validators = on

    # What the network does

    def fault(self, path: str, kind: str, times: int = 1, *, retry_after: int = 1) -> Fault:
        """Orders a disease for the next `times` requests of `path` (`*`: of any); see `faults.KINDS`."""
        fault = Fault(path, kind, retry_after)
        self._faults.order(fault, times)
        return fault

    # What was asked

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every request answered since the start or `forget_requests`, in the order they were finished."""
        return self._journal.seen

    @property
    def most_in_flight(self) -> int:
        """The largest number of requests under way at once."""
        return self._journal.most_in_flight

    def wait_for_requests(self, count: int, *, timeout: float = 10.0) -> bool:
        """Waits until `count` requests are finished; false when `timeout` seconds pass first."""
        return self._journal.wait_for(count, timeout)

    def forget_requests(self) -> None:
        """Empties the request log."""
        self._journal.clear()

    # What stands

    def state(self, page: str) -> State | None:
        """The release at an address or page name (`press_05028`) now; nothing if none has appeared."""
        with self._turn:
            path = next((one for one in _paths(page) if self._timeline.at_path(one, self._now)), None)
            return self._timeline.at_path(path, self._now) if path else None

    def paths(self) -> tuple[str, ...]:
        """The addresses of releases that can be read now, oldest address first by name."""
        with self._turn:
            states = ((path, self._timeline.at_path(path, self._now)) for path in self._timeline.paths())
            return tuple(path for path, state in states if state and state.status == 200)  # noqa: PLR2004

    def _standing(self, page: str) -> State:
        state = self.state(page)
        if state is None:
            raise KeyError(
                f"no release at {page!r} on {self._now:%Y-%m-%d %H:%M}; expected a path or a page name"
            )
        return state

    def _happen(self, record: Record, event: Event) -> None:
        with self._turn:
            self._timeline.happen(record, event)

    def _respond(self, target: str, asked: Mapping[str, str]) -> Answer:
        fault = self._faults.take(target)
        if fault and fault.kind == "slow":
            fault.held.set()
            fault.released.wait()
        with self._turn:
            page = self._site.page(target, self._now)
            healthy = answer(page, asked, validators=self._validators)
            if fault is None:
                return healthy
            empty = self._lists.empty_index(says_so=fault.kind == "says-empty")
        return diseased(fault, healthy, empty)


def _paths(page: str) -> tuple[str, ...]:
    if page.startswith("/"):
        return (page,)
    return (f"/press/{page}.html", f"/en/{page}.html", f"/en/press/{page}.html", f"/en/headline/{page}.html")
