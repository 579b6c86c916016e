"""The two back ends that the suite runs on: a file (or memory, where no file is needed), and DuckLake.

A test that asks for the fixture `backend` runs once on each; `current` says which it is.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import duckdb

from tests.laid import lay
from warehouse import Lake, Place, Store, store
from warehouse.stores.dialect import is_lake
from warehouse.stores.lake_archive import LakeArchive


class Backend(Protocol):
    """Where the archives of tests are kept."""

    name: str

    def place(self, folder: Path) -> Place:
        """The archive of a data folder."""

    def empty(self) -> duckdb.DuckDBPyConnection:
        """An archive with all tables and no rows, to be written to; `done` takes it back."""

    def done(self, db: duckdb.DuckDBPyConnection) -> None:
        """Let go of what `empty` gave."""

    def remove(self, folder: Path) -> None:
        """Lose the archive of a data folder."""

    def for_a_child(self) -> "Backend":
        """The same archives for another process, which can be given no open connection."""


@dataclass(slots=True)
class Files:
    """Files, and databases in memory."""

    name: str = "file"

    def place(self, folder: Path) -> Path:
        """`archive.duckdb`, as always."""
        return folder / "archive.duckdb"

    def empty(self) -> duckdb.DuckDBPyConnection:
        """In memory."""
        db = duckdb.connect()
        db.execute("SET TimeZone = 'UTC'")
        lay(db)
        return db

    def done(self, db: duckdb.DuckDBPyConnection) -> None:
        """Memory is free at once."""
        db.close()

    def remove(self, folder: Path) -> None:
        """Delete the file."""
        (folder / "archive.duckdb").unlink()

    def for_a_child(self) -> Backend:
        """Nothing is open here."""
        return self


@dataclass(slots=True)
class Lakes:
    """Lakes in one PostgreSQL, each in a schema of its own. Empty ones are used again."""

    reached: str
    name: str = "lake"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="moej-lakes-")))
    free: list[duckdb.DuckDBPyConnection] = field(default_factory=list)
    made: int = 0
    owner: int = field(default_factory=os.getpid)

    def place(self, folder: Path) -> Lake:
        """A lake whose Parquet files lie in the folder."""
        schema = "lake_" + hashlib.sha256(f"{self.owner} {folder}".encode()).hexdigest()[:16]
        return Lake(self.reached, str(folder / "lake"), schema=schema)

    def empty(self) -> duckdb.DuckDBPyConnection:
        """Open to be written to, outside any load."""
        if self.free:
            return self.free.pop()
        self.made += 1
        lake = self.place(self.folder / str(self.made))
        with LakeArchive(lake, self.folder / "state.sqlite").draft():
            pass
        db = lake.open()
        lake.attach_to(db, "archive")
        db.execute("USE archive")
        return db

    def done(self, db: duckdb.DuckDBPyConnection) -> None:
        """Empty it for the next."""
        forget(db)
        db.execute("SET TimeZone = 'UTC'")
        self.free.append(db)

    def remove(self, folder: Path) -> None:
        """Drop the catalogue; the Parquet files alone are nothing."""
        lake = self.place(folder)
        with lake.connected() as db:
            db.execute(f"DROP SCHEMA {lake.schema} CASCADE")
        shutil.rmtree(folder / "lake")

    def for_a_child(self) -> Backend:
        """The same schemas, by the name of the process that made them."""
        return replace(self, free=[])

    def close(self) -> None:
        """Let go of everything."""
        for db in self.free:
            db.close()
        shutil.rmtree(self.folder)


FILES = Files()
_chosen: list[Backend] = [FILES]


def current() -> Backend:
    """The back end of the test that runs."""
    return _chosen[-1]


@contextmanager
def chosen(backend: Backend) -> Iterator[Backend]:
    """Make it the current one."""
    _chosen.append(backend)
    try:
        yield backend
    finally:
        _chosen.pop()


def place(folder: Path) -> Place:
    """The archive of a data folder, on the current back end."""
    return current().place(folder)


def loader(folder: Path, *, lock_wait: float = 5) -> Store:
    """What loads into the archive of a data folder."""
    return store(place(folder), folder / "state.sqlite", lock_wait=lock_wait)


def forget(db: duckdb.DuckDBPyConnection) -> None:
    """Delete all rows but those of the migrations, without the time it takes to lay the tables."""
    filled = (
        "SELECT table_name FROM ducklake_table_info('archive') WHERE file_count > 0"
        if is_lake(db)
        else "SELECT table_name FROM duckdb_tables()"
    )
    db.execute("BEGIN")
    for (name,) in db.execute(f"FROM ({filled}) WHERE table_name <> 'migrations'").fetchall():
        db.execute(f'DELETE FROM "{name}"')  # noqa: S608 - names of ours
    db.execute("COMMIT")
