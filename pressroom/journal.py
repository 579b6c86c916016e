"""The request log of the press room: who asked what, what was answered, and how many at once."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_OF_INTEREST = frozenset(
    (
        "user-agent",
        "accept-encoding",
        "if-none-match",
        "if-modified-since",
        "range",
        "from",
        "referer",
        "connection",
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and its answer; `began` and `ended` are seconds of the monotonic clock.

    `status` is 0 where the connection was dropped without an answer; `sent` counts the bytes of the body.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    sent: int = 0
    began: float = 0.0
    ended: float = 0.0
    connection: int = 0

    @property
    def conditional(self) -> bool:
        """Whether the client said what it already has."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class Journal:
    """Requests in the order in which they were finished; safe to read while the server works."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._changed = threading.Condition()
        self._seen: list[Seen] = []
        self._in_flight = 0
        self._most = 0

    def begin(self) -> float:
        """A request has come in; gives the moment."""
        with self._changed:
            self._in_flight += 1
            self._most = max(self._most, self._in_flight)
            return self.clock()

    def end(self, seen: Seen) -> None:
        """The request is answered, or its connection gone."""
        with self._changed:
            self._in_flight -= 1
            self._seen.append(seen)
            self._changed.notify_all()

    @property
    def seen(self) -> tuple[Seen, ...]:
        """All finished requests since the start or the last `clear`."""
        with self._changed:
            return tuple(self._seen)

    @property
    def most_in_flight(self) -> int:
        """The largest number of requests that were under way at once."""
        with self._changed:
            return self._most

    def wait_for(self, count: int, timeout: float) -> bool:
        """Waits until `count` requests are finished; false if they are not after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._seen) >= count, timeout)

    def clear(self) -> None:
        """Forgets what was seen; requests under way still count when they end."""
        with self._changed:
            self._seen.clear()
            self._most = self._in_flight


def of_interest(headers: Mapping[str, str]) -> dict[str, str]:
    """The request headers that a test or an operator asks about, names in lower case."""
    return {name.lower(): value for name, value in headers.items() if name.lower() in _OF_INTEREST}
