"""What is brought up to date with the versions, in the same draft, given the releases that were touched.

Pure work of theirs may go to the processes that read the pages; they say how many rows they have written, so
that memory need not hold them. For the time of the load the temporary table `placed` has the names
(`page_name`) of all pages whose captures may have come to another release.
"""

from collections.abc import Callable, Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse import aliases, duplicates, search
from warehouse.crew import Spread
from warehouse.memory import Relieve

Follow = Callable[[DuckDBPyConnection, Sequence[str], Spread, Relieve], None]

FOLLOWERS: Final[tuple[Follow, ...]] = (aliases.refresh, duplicates.update, search.update)
