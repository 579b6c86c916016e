"""A page that somebody saved: its bytes, and what is said of its address and its time where they lie."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

LONGEST: Final = 256 << 20
"""Bytes of one saved page; several times as much is in memory, and a longer record could not be read back."""


@dataclass(frozen=True, slots=True)
class Referred:
    """The capture that a revisit of another archive stands for: its address, its time, its digest there."""

    url: str
    at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Saved:
    """One saved page. `url` and `at` are None where the file does not say; `kind` is a WARC-Type."""

    kind: str
    origin: str
    body: bytes
    url: str | None = None
    at: datetime | None = None
    head: bytes | None = None
    media_type: str | None = None
    truncated: str | None = None
    record_id: str = ""
    digest_there: str = ""
    refers: Referred | None = None
