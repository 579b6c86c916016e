"""An archive in memory, one a test: the load without the file around it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.world import MemoryLog, load
from warehouse import FileDraft, Loaded
from warehouse.migrate import migrate
from warehouse.tables import fetch


class Memory:
    """A log, and an archive in memory that is loaded from it."""

    def __init__(self, db: duckdb.DuckDBPyConnection | None = None) -> None:
        self.log = MemoryLog()
        self.db = new_archive() if db is None else db

    def load(self, *, crash: bool = False, **how: Any) -> Loaded:
        """Load what is sealed; with `crash` nothing of it is kept."""
        nowhere = Path("nowhere")
        self.db.execute("BEGIN")
        loaded = load(FileDraft(path=nowhere, origin=nowhere, state=nowhere, db=self.db), self.log, **how)
        self.db.execute("ROLLBACK" if crash else "COMMIT")
        return loaded

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """The rows of a query as tuples."""
        return [tuple(row.values()) for row in fetch(self.db, query, parameters)]

    def clear(self) -> None:
        """Begin anew, without the time it takes to lay the tables."""
        self.log.files.clear()
        self.log.limit = None
        self.forget()

    def forget(self) -> None:
        """Empty the archive; the log stays."""
        for (name,) in self.ask("SELECT table_name FROM duckdb_tables() WHERE table_name <> 'migrations'"):
            self.db.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of ours


def new_archive() -> duckdb.DuckDBPyConnection:
    """An empty archive in memory; one thread, since more of them only cost time on a few rows."""
    db = duckdb.connect()
    db.execute("SET threads = 1; SET TimeZone = 'UTC'")
    migrate(db)
    return db


@pytest.fixture(scope="session")
def shared_archive() -> Iterator[duckdb.DuckDBPyConnection]:
    """Laying the tables takes longer than most tests."""
    db = new_archive()
    yield db
    db.close()


@pytest.fixture
def memory(shared_archive: duckdb.DuckDBPyConnection) -> Memory:
    """An empty log and an empty archive."""
    made = Memory(shared_archive)
    made.clear()
    return made
