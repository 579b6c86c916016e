"""An archive without a place of its own, one a test: the load alone. On both back ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.backends import FILES, Backend, Lakes, chosen, current, forget
from tests.warehouse.world import MemoryLog, load
from warehouse import FileDraft, Loaded
from warehouse.tables import fetch


class Whole(FileDraft):
    """A draft that can be rolled back: nothing of it is written out on the way."""

    def keep(self) -> None:
        """Nothing, as on a lake."""


class Memory:
    """A log, and an archive that is loaded from it."""

    def __init__(self, db: duckdb.DuckDBPyConnection | None = None) -> None:
        self.log = MemoryLog()
        self.db = new_archive() if db is None else db

    def load(self, *, crash: bool = False, **how: Any) -> Loaded:
        """Load what is sealed; with `crash` nothing of it is kept."""
        nowhere = Path("nowhere")
        self.db.execute("BEGIN")
        loaded = load(Whole(path=nowhere, origin=nowhere, state=nowhere, db=self.db), self.log, **how)
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
        forget(self.db)


def new_archive() -> duckdb.DuckDBPyConnection:
    """An empty archive on the current back end."""
    return current().empty()


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of this folder."""
    config.addinivalue_line("markers", "file_only(reason): not run on the lake, for this reason")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the lake where a test is about the file itself."""
    out = [item for item in items if _is_left_out(item)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if not _is_left_out(item)]


def _is_left_out(item: pytest.Item) -> bool:
    chosen_one = getattr(item, "callspec", None)
    on_lake = chosen_one is not None and chosen_one.params.get("backend") == "lake"
    return on_lake and item.get_closest_marker("file_only") is not None


@pytest.fixture(scope="session", params=["file", "lake"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """Each test that asks for it runs on a file, then on a lake."""
    if request.param == "file":
        yield FILES
        return
    lakes = Lakes(request.getfixturevalue("postgres"))
    yield lakes
    lakes.close()


@pytest.fixture(autouse=True)
def on_backend(request: pytest.FixtureRequest) -> Iterator[None]:
    """The back end a test asks for is the current one while it runs, and no longer."""
    if "backend" not in request.fixturenames:
        yield
        return
    with chosen(request.getfixturevalue("backend")):
        yield


@pytest.fixture(scope="session")
def shared_archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """Laying the tables takes longer than most tests."""
    db = backend.empty()
    yield db
    backend.done(db)


@pytest.fixture
def memory(shared_archive: duckdb.DuckDBPyConnection) -> Memory:
    """An empty log and an empty archive."""
    made = Memory(shared_archive)
    made.clear()
    return made
