"""Answers kept in memory: as long as the archive is the same file, the same question has the same answer."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from web.recent import Recent

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
        self._largest = room // 8
        self._answers: Recent[str, Answer] = Recent(room, _size)

    def get(self, key: str) -> Answer | None:
        """The answer kept under a key."""
        return self._answers.get(key)

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; one that would push out most others is not kept."""
        if _size(answer) <= self._largest:
            self._answers.put(key, answer)


def _size(answer: Answer) -> int:
    return len(answer.body) + len(answer.packed)
