"""How much memory a load takes: the same for three thousand pages as for thirty thousand.

DuckDB would keep all it touches, up to most of the machine. What lies over the bound goes to disk beside the
draft; every statement that is asked page by page does with little.
"""

import os
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.tables import one

LEAST: Final = 256 << 20
EACH: Final = 8 << 10
"""Beyond thirty thousand captures the bound grows: lists of the search index cannot go to disk."""
SHARE: Final = 0.8
"""Of the machine's memory, as DuckDB has it by itself."""


def bound(db: DuckDBPyConnection) -> None:
    """Bound DuckDB's memory by the number of captures that it holds now."""
    wanted = max(LEAST, EACH * int(one(db, "SELECT count(*) FROM captures")))
    if wanted < SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"):
        db.execute(f"SET memory_limit = '{wanted >> 20}MiB'")
    else:
        db.execute("RESET memory_limit")
