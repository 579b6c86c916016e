"""What must survive between loads and cannot be derived from the log: one small SQLite file.

    deliveries      every attempt to deliver an alert
    mutes           what nobody wants to hear of for a while
    reextractions   what another extractor read differently, at each time the archive was read again
    notes           small facts by name: up to when the jobs of the schedule were started, what this memory
                    is called

The archive shows `deliveries` and `reextractions` as tables, as of its last load.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.errors import Stop
from warehouse.columns import WHEN, schema
from warehouse.tables import insert, write

_STEPS: Final = (
    """
    CREATE TABLE deliveries (
        alert_id TEXT NOT NULL, channel TEXT NOT NULL, attempt INTEGER NOT NULL, attempted_at TEXT NOT NULL,
        outcome TEXT NOT NULL, detail TEXT, message_id TEXT, next_try_at TEXT,
        PRIMARY KEY (alert_id, channel, attempt)
    );
    CREATE TABLE mutes (
        subject TEXT PRIMARY KEY, until TEXT, reason TEXT, created_at TEXT NOT NULL
    );
    CREATE TABLE reextractions (
        at TEXT NOT NULL, from_version TEXT NOT NULL, to_version TEXT NOT NULL, release_id TEXT NOT NULL,
        version INTEGER NOT NULL, capture_id TEXT NOT NULL, fields TEXT NOT NULL,
        PRIMARY KEY (from_version, to_version, capture_id)
    );
    CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL, noted_at TEXT NOT NULL);
    """,
)
_BUSY_MS: Final = 30_000
_DELIVERIES: Final = schema(
    {
        "alert_id": pa.string(),
        "channel": pa.string(),
        "attempt": pa.int32(),
        "attempted_at": WHEN,
        "outcome": pa.string(),
        "detail": pa.string(),
        "message_id": pa.string(),
        "next_try_at": WHEN,
    }
)
_REEXTRACTIONS: Final = schema(
    {
        "at": WHEN,
        "from_version": pa.string(),
        "to_version": pa.string(),
        "release_id": pa.string(),
        "version": pa.int32(),
        "capture_id": pa.string(),
        "fields": pa.list_(pa.string()),
    }
)
_KEYS: Final = {
    "deliveries": ("alert_id", "channel", "attempt"),
    "reextractions": ("from_version", "to_version", "capture_id"),
}


@dataclass(frozen=True, slots=True)
class Reextraction:
    """A version that another extractor read differently, and the columns in which."""

    at: datetime
    from_version: str
    to_version: str
    release_id: str
    version: int
    capture_id: str
    fields: tuple[str, ...]


@contextmanager
def open_state(path: Path) -> Iterator[sqlite3.Connection]:
    """The state file, made if it is not there; what the block writes is committed at its end, or not."""
    db = sqlite3.connect(path, timeout=_BUSY_MS / 1000, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        _migrate(db, path)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    finally:
        db.close()


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    if (have := _step(db)) == len(_STEPS):
        return
    if have > len(_STEPS):
        raise Stop(f"{path.name} is of a newer moej (step {have}, known {len(_STEPS)}); install that version")
    db.execute("BEGIN IMMEDIATE")
    # Another process may have been faster between the look and the lock.
    for step in _STEPS[_step(db) :]:
        for statement in step.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {len(_STEPS)}")
    db.execute("COMMIT")


def _step(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def instant(when: datetime) -> str:
    """A time as the state file keeps it: ISO, UTC, to the microsecond, so that text sorts as time does."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def noted(db: sqlite3.Connection, name: str) -> str | None:
    """What was noted under a name."""
    row = db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row["value"])


def note(db: sqlite3.Connection, name: str, value: str, at: datetime) -> None:
    """Note a small fact under a name, in place of what was noted there."""
    db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", (name, value, instant(at)))


def add_reextractions(db: sqlite3.Connection, rows: Iterable[Reextraction]) -> None:
    """Note what came out differently; the same step of the same version again replaces its row."""
    db.executemany(
        "INSERT OR REPLACE INTO reextractions VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                instant(row.at),
                row.from_version,
                row.to_version,
                row.release_id,
                row.version,
                row.capture_id,
                json.dumps(row.fields),
            )
            for row in rows
        ],
    )


def mirror(db: DuckDBPyConnection, path: Path, *, replace: bool = True) -> None:
    """Show the state in the archive: `deliveries` and `reextractions` become what the file holds.

    Without `replace` only rows of the same key are replaced: other machines show theirs there too.
    """
    if not path.exists():
        return
    with open_state(path) as state:
        deliveries = [dict(row) for row in state.execute("SELECT * FROM deliveries")]
        reextractions = [dict(row) for row in state.execute("SELECT * FROM reextractions")]
    for row in reextractions:
        row["fields"] = json.loads(row["fields"])
    put = _replace if replace else _add
    put(db, "deliveries", _timed(deliveries, ("attempted_at", "next_try_at")), _DELIVERIES)
    put(db, "reextractions", _timed(reextractions, ("at",)), _REEXTRACTIONS)


def _timed(rows: list[dict[str, object]], names: Sequence[str]) -> list[dict[str, object]]:
    for row in rows:
        for name in names:
            value = row[name]
            row[name] = datetime.fromisoformat(value) if isinstance(value, str) else None
    return rows


def _replace(db: DuckDBPyConnection, name: str, rows: list[dict[str, object]], form: pa.Schema) -> None:
    db.execute(f"DELETE FROM {name}")  # noqa: S608 - a name of ours
    insert(db, name, rows, form)


def _add(db: DuckDBPyConnection, name: str, rows: list[dict[str, object]], form: pa.Schema) -> None:
    """Write the rows that the table does not hold as they are; nothing at all where it holds every one."""
    same = " AND ".join(f"t.{key} = i.{key}" for key in _KEYS[name])
    write(db, f"CREATE OR REPLACE TEMP TABLE fresh AS FROM incoming EXCEPT FROM {name}", rows, form)
    if rows:
        db.execute(f"DELETE FROM {name} t USING fresh i WHERE {same}")  # noqa: S608 - names of ours
        db.execute(f"INSERT INTO {name} BY NAME FROM fresh")
        db.execute("DROP TABLE fresh")
