"""What can go wrong with an answer, ordered for the next requests of an address."""

import threading
from collections import deque
from dataclasses import dataclass, field

KINDS = (
    "503",
    "500",
    "drop",
    "truncate",
    "slow",
    "maintenance",
    "empty",
    "says-empty",
    "unknown-markup",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One disease of an address, for its next requests.

    `slow` holds the answer until `let_go()` is called or the room closes; `held` is set as soon as a
    request is being held, so that a test waits for the fact and not for a time.
    """

    path: str
    kind: str
    retry_after: int = 1
    held: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        """Lets held requests, and all later ones under this fault, have their answer."""
        self.released.set()


class Faults:
    """The faults in wait, first in first out for each address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Fault] = deque()
        self._all: list[Fault] = []

    def order(self, fault: Fault, times: int) -> None:
        """`fault` for the next `times` requests of its address; raises `ValueError` for an unknown kind."""
        if fault.kind not in KINDS:
            raise ValueError(f"no fault {fault.kind!r}; known: {', '.join(KINDS)}")
        with self._lock:
            self._waiting.extend([fault] * times)
            self._all.append(fault)

    def take(self, path: str) -> Fault | None:
        """The next fault of the address, used up by this; an order for `*` fits any address."""
        with self._lock:
            found = next((fault for fault in self._waiting if fault.path in {path, "*"}), None)
            if found is not None:
                self._waiting.remove(found)
            return found

    def let_all_go(self) -> None:
        """Ends every hold and forgets what is still in wait."""
        with self._lock:
            self._waiting.clear()
            for fault in self._all:
                fault.let_go()
