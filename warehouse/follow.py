"""What is brought up to date with the versions, in the same draft, given the releases that were touched."""

from collections.abc import Callable, Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse import aliases, duplicates, search

Follow = Callable[[DuckDBPyConnection, Sequence[str]], None]

FOLLOWERS: Final[tuple[Follow, ...]] = (aliases.refresh, duplicates.update, search.update)
