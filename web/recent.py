"""What was used last, as much of it as there is room for; three parts of the room keep things so."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The values used last: at most `room` bytes of them by `size`, and at least one; safe for threads."""

    def __init__(self, room: int, size: Callable[[V], int]) -> None:
        self._room = room
        self._size = size
        self._used = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The value kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep a value, in place of what was kept under its key."""
        with self._lock:
            old = self._kept.pop(key, None)
            self._used += self._size(value) - (0 if old is None else self._size(old))
            self._kept[key] = value
            while self._used > self._room and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._used -= self._size(oldest)
