"""How we behave towards the site: every number in one place, and the pause between two requests."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

# The Ministry's own host is never asked faster than this, whatever anybody sets.
FLOOR: Final = 3.0
MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Manners:
    """Seconds, bytes and counts that bound what a run may do to the site and the site to a run.

    `pause` is counted from the end of a request to the begin of the next. `total` bounds one request from
    connecting to the last byte. `retry_after` is the longest wait the site may ask for before the run stops.
    `breaker` is the number of pages in a row that may fail by the server's fault.
    """

    pause: float = FLOOR
    connect: float = 15.0
    read: float = 30.0
    total: float = 180.0
    max_page: int = 16 * MEBIBYTE
    max_file: int = 64 * MEBIBYTE
    attempts: int = 3
    backoff: float = 2.0
    backoff_max: float = 30.0
    retry_after: float = 120.0
    breaker: int = 5
    hops: int = 5
    robots_age: timedelta = timedelta(days=1)
    crawl_delay_max: float = 60.0

    def limit(self, family: str) -> int:
        """The most bytes to take over the wire for a page of this family."""
        return self.max_file if family == "file" else self.max_page


class Budget(Protocol):
    """How many requests may still be made; something that outlives the run."""

    def spend(self) -> None:
        """Count one request that is about to be made; `Stop` if there is none left today."""


class Unlimited:
    """No budget: for rehearsals against a server of one's own."""

    def spend(self) -> None:
        """Nothing is counted."""


@dataclass(slots=True)
class Pace:
    """Waits so that the pause lies between the end of one request and the begin of the next.

    `mark` is a file whose time stamp is the end of the last request of any process: two runs, one after
    the other, keep the pause as one run does.
    """

    pause: float
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    wall: Callable[[], float]
    mark: Path | None = None
    _last: float | None = field(default=None, init=False)

    def wait(self) -> None:
        """Return when the next request may begin."""
        left = self._left()
        if left > 0:
            self.sleep(left)

    def ended(self) -> None:
        """A request has just ended."""
        self._last = self.monotonic()
        if self.mark is not None:
            self.mark.touch()
            os.utime(self.mark, (self.wall(), self.wall()))

    def slow_to(self, seconds: float) -> None:
        """Never go faster than this from here on."""
        self.pause = max(self.pause, seconds)

    def _left(self) -> float:
        if self._last is not None:
            return self._last + self.pause - self.monotonic()
        if self.mark is None or not self.mark.exists():
            return 0.0
        # A clock set back must not make us wait for hours: never longer than one pause.
        return min(self.pause, self.pause - (self.wall() - self.mark.stat().st_mtime))
