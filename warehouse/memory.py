"""How much memory a load takes: within a bound, which thirty thousand pages fill and three thousand do not.

With two threads, the process that writes a rebuild takes 283 MiB at its peak for 3,000 pages, 427 for 30,000
(`python -m bench.rebuild --size full`) and about 480 for 60,000; 185 of them are its libraries. Beyond the
bound, each page costs some 2 KB, for what a load says of each version it added. The bound grows with the
threads of DuckDB, and with the captures from `MANY` of them on.

DuckDB would keep all it touches, up to most of the machine. What lies over the bound goes to disk beside the
draft; every statement that is asked page by page does with little. What was loaded is written into the draft
between the steps of a load (`Draft.keep`): until it is, all of it would have to go to disk in its full size.
"""

import os
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.tables import one

LEAST: Final = 80 << 20
"""On two threads twice what generated pages need (72 MiB): a load that is left without room ends."""
THREAD: Final = 32 << 20
"""What each thread of DuckDB holds besides: some blocks of every column it reads or writes."""
MANY: Final = 1 << 16
EACH: Final = 8 << 10
"""Beyond so many captures the bound grows: lists of the search index cannot go to disk."""
WORTH: Final = 1_000
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
    hundred MiB. Setting the limit is what empties it; throughout a day's load that would be a tenth of its
    time.
    """
    if rows >= WORTH:
        bound(db)
