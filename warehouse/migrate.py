"""Numbered SQL files, forward only. The work of a migration and the record of it commit together."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

from duckdb import CatalogException, DuckDBPyConnection

from extractors.errors import Stop
from warehouse.stores.dialect import for_lake, is_lake
from warehouse.tables import one

_RECORD: Final = """
CREATE TABLE IF NOT EXISTS migrations (number INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMPTZ);
COMMENT ON TABLE migrations IS 'Steps by which the tables of this file came to be as they are.';
COMMENT ON COLUMN migrations.number IS 'Number of the step; steps are applied in order, each once.';
COMMENT ON COLUMN migrations.name IS 'Name of its SQL file in the program.';
COMMENT ON COLUMN migrations.sha256 IS 'SHA-256 of that file as it was applied.';
COMMENT ON COLUMN migrations.applied_at IS 'When it was applied to this file.';
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, the name of its file, and its statements."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Digest of the statements, to tell a file made by an edited step from one made by this program."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """All steps this program has, in order."""
    folder = files("warehouse") / "migrations"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name, (folder / name).read_text(encoding="utf-8")) for name in names
    )


def applied(db: DuckDBPyConnection) -> int:
    """Number of the last step applied to this database; 0 if it is empty."""
    # Any list of tables or columns would cost more than the rest of opening an archive: DuckDB looks at
    # every view for it, and asks a lake's catalogue how many rows each table has.
    try:
        return int(one(db, "SELECT coalesce(max(number), 0) FROM migrations"))
    except CatalogException:
        return 0


def refuse_newer(db: DuckDBPyConnection, steps: Sequence[Migration]) -> int:
    """The number of the last step applied; `Stop` if this program does not know it."""
    have, know = applied(db), steps[-1].number
    if have > know:
        raise Stop(
            f"the archive has tables of step {have}, this program knows up to {know}: "
            "a newer moej wrote it; install that version"
            + ("" if is_lake(db) else ", or move the file away and run `moej rebuild`")
        )
    return have


def outdated(db: DuckDBPyConnection, steps: Sequence[Migration]) -> str | None:
    """One line on an archive of an earlier program, and what to do; None if its tables are of today."""
    have, know = applied(db), steps[-1].number
    if have >= know:
        return None
    return (
        f"the archive has tables of step {have}, this needs those of step {know}: an older moej made it; "
        "the next load (`moej run`, or `moej import` of a page) brings it up to date, as does `moej rebuild`"
    )


def migrate(db: DuckDBPyConnection, steps: Sequence[Migration] | None = None) -> tuple[int, ...]:
    """Apply the steps the database lacks, each in one transaction with its record; their numbers."""
    steps = migrations() if steps is None else steps
    have = refuse_newer(db, steps)
    missing = [step for step in steps if step.number > have]
    for step in missing:
        _apply(db, step)
    return tuple(step.number for step in missing)


def migrate_within(db: DuckDBPyConnection) -> tuple[int, ...]:
    """Apply the steps a lake lacks, in the caller's transaction; their numbers."""
    steps = migrations()
    have = refuse_newer(db, steps)
    missing = [step for step in steps if step.number > have]
    for step in missing:
        before = "\n".join(one.sql for one in steps if one.number < step.number)
        db.execute(for_lake(step.sql, before=before))
    _record(db, missing)
    return tuple(step.number for step in missing)


def _record(db: DuckDBPyConnection, steps: Sequence[Migration]) -> None:
    """Write down all steps at once: on a lake each statement makes a file, which every reader would open."""
    if not steps:
        return
    db.execute(_RECORD)
    now = datetime.now(UTC)
    values = [value for step in steps for value in (step.number, step.name, step.sha256, now)]
    rows = ", ".join(["(?, ?, ?, ?)"] * len(steps))
    db.execute(f"INSERT INTO migrations VALUES {rows}", values)  # noqa: S608 - only marks


def _apply(db: DuckDBPyConnection, step: Migration) -> None:
    db.execute("BEGIN")
    try:
        db.execute(step.sql)
        _record(db, [step])
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
