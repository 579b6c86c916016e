"""What is brought up to date with the versions, in the same draft: each is called with the releases touched."""

from collections.abc import Callable, Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse import aliases, search

Follow = Callable[[DuckDBPyConnection, Sequence[str]], None]

FOLLOWERS: Final[tuple[Follow, ...]] = (aliases.refresh, search.update)
