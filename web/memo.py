"""What is the same for every request to one state of the archive: made when it is first asked for."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Memo:
    """What is `held`, by name; each made once, however many requests ask for it at the same moment."""

    held: dict[str, Any] = field(default_factory=dict)
    _locks: dict[str, threading.Lock] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether it is made already."""
        return name in self.held

    def once(self, name: str, make: Callable[[], T]) -> T:
        """The thing of that name; `make` is called if there is none yet, while others wait for it."""
        # One lock each: who wants the figures must not wait for the search index.
        with self._locks.setdefault(name, threading.Lock()):
            if name not in self.held:
                self.held[name] = make()
            found: T = self.held[name]
            return found
