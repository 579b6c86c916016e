"""How much memory a load takes: what a piece of 4,096 rows needs, and little for each page.

With two threads, the process that writes a rebuild takes 267 MiB at its peak for 3,000 pages, 276 for 10,000,
287 for 30,000 and 348 for 60,000 (`python -m bench.rebuild --size flat`); some 180 of them are its libraries.
What still grows are lists that Python or DuckDB holds of all pages: ids, pairs that may be alike, alerts.

DuckDB would keep all it touches, up to most of the machine. It has a bound, which grows with its threads, and
with the captures from `MANY` of them on; what lies over it goes to disk beside the draft. What was loaded is
written into the draft as it comes (`Relief`, `Draft.keep`): until then it would have to go to disk in its
full size.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.tables import one

Relieve = Callable[[int], None]
"""Told, after work on so many rows, that memory should hold no more of it than need be."""
LEAST: Final = 80 << 20
"""On two threads twice what generated pages need (72 MiB): a load that is left without room ends."""
THREAD: Final = 32 << 20
"""What each thread of DuckDB holds besides: some blocks of every column it reads or writes."""
MANY: Final = 1 << 16
EACH: Final = 8 << 10
"""Beyond so many captures the bound grows: lists of the search index cannot go to disk."""
WORTH: Final = 1_000
PIECE: Final = 4_096
"""Rows of a table that are written out together, some 20 MB of releases; DuckDB would wait for 122,880."""
FLOOR: Final = 6 << 20
"""What DuckDB is left with of what it has just written."""
SHARE: Final = 0.8
"""Of the machine's memory, as DuckDB has it by itself."""


def bound(db: DuckDBPyConnection) -> None:
    """Bound DuckDB's memory by the number of captures that it holds now."""
    captures, threads = one(db, "SELECT count(*) FROM captures"), one(db, "SELECT current_setting('threads')")
    wanted = max(LEAST + THREAD * threads, EACH * captures if captures > MANY else 0)
    if wanted < SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"):
        db.execute(f"SET memory_limit = '{wanted >> 20}MiB'")
    else:
        db.execute("RESET memory_limit")


def relieve(db: DuckDBPyConnection, rows: int) -> None:
    """Give back what DuckDB has freed, after a statement on `rows` rows; not after one on few.

    DuckDB's allocator keeps that for seconds, in sizes that the next statement has no use for, up to a
    hundred MiB. Throughout a day's load, emptying it would be a tenth of its time.
    """
    if rows >= WORTH:
        _give_back(db)


def shed(db: DuckDBPyConnection) -> None:
    """Let go of what DuckDB has just written: it would keep that until others need the room.

    Call it outside a transaction, which is spoilt where something cannot be let go of.
    """
    with suppress(duckdb.OutOfMemoryException):
        db.execute(f"SET memory_limit = '{FLOOR >> 20}MiB'")
    _give_back(db)


def _give_back(db: DuckDBPyConnection) -> None:
    """Empty what allocators keep: DuckDB's by setting its limit, the system's as Arrow's (`allocator`)."""
    bound(db)
    pa.default_memory_pool().release_unused()


def retain(_rows: int) -> None:
    """The `Relieve` of a load that is small: memory may hold all of it."""


@dataclass(slots=True)
class Relief:
    """The `Relieve` of a load into a draft: what was written goes to its file, before it fills memory."""

    db: DuckDBPyConnection
    keep: Callable[[], None]
    _rows: int = field(default=0, init=False)
    _unwritten: int = field(default=0, init=False)

    def __call__(self, rows: int) -> None:
        """Write out what there is if it is much, and give back what DuckDB has freed."""
        self._rows += rows
        self._unwritten += rows
        if self._unwritten >= PIECE:
            self.write_out()
        else:
            relieve(self.db, rows)

    def write_out(self) -> None:
        """Write out all there is, after a step of the load; not in a load of few rows."""
        if self._rows >= WORTH:
            self.keep()
            self._unwritten = 0
        relieve(self.db, self._rows)
