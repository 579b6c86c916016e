"""Answers kept in memory: as long as the archive is the same file, the same question has the same answer."""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

LEAST: Final = 1_000
LEVEL: Final = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. `packed` is the body compressed, or empty where that is not worth it."""

    body: bytes
    headers: Mapping[str, str]
    status: int = 200
    packed: bytes = field(default=b"", repr=False)


def pack(answer: Answer) -> Answer:
    """The answer with its body compressed as well, unless it is already or is not worth it."""
    if answer.packed or len(answer.body) < LEAST or "parquet" in answer.headers["content-type"]:
        return answer
    packed = gzip.compress(answer.body, LEVEL, mtime=0)
    return Answer(answer.body, answer.headers, answer.status, packed)


class Kept:
    """The answers used last, at most `room` bytes of them."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, key: str) -> Answer | None:
        """The answer kept under a key."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; one that would push out most others is not kept."""
        size = _size(answer)
        if size > self._room // 8:
            return
        with self._lock:
            old = self._answers.pop(key, None)
            self._used += size - (_size(old) if old else 0)
            self._answers[key] = answer
            while self._used > self._room:
                _, oldest = self._answers.popitem(last=False)
                self._used -= _size(oldest)


def _size(answer: Answer) -> int:
    return len(answer.body) + len(answer.packed)
