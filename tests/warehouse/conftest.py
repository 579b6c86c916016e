"""An archive in memory, one a test: the load without the file around it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.world import MemoryLog, load
from warehouse import Draft, Loaded
from warehouse.migrate import migrate
from warehouse.tables import fetch


class Memory:
    """A log, and an archive in memory that is loaded from it."""

    def __init__(self) -> None:
        self.log = MemoryLog()
        self.db = new_archive()

    def load(self, **how: Any) -> Loaded:
        """Load what is sealed."""
        nowhere = Path("nowhere")
        self.db.execute("BEGIN")
        loaded = load(Draft(path=nowhere, origin=nowhere, state=nowhere, db=self.db), self.log, **how)
        self.db.execute("COMMIT")
        return loaded

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query as tuples."""
        return [tuple(row.values()) for row in fetch(self.db, query, parameters)]


def new_archive() -> duckdb.DuckDBPyConnection:
    """An empty archive in memory; one thread, since more of them only cost time on a few rows."""
    db = duckdb.connect()
    db.execute("SET threads = 1; SET TimeZone = 'UTC'")
    migrate(db)
    return db


@pytest.fixture
def memory() -> Iterator[Memory]:
    """A log and an archive that exist only here."""
    made = Memory()
    yield made
    made.db.close()
