"""Tables of empty archives, copied from one archive: to lay them step by step takes ten times as long."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import duckdb

from warehouse.migrate import Migration, applied, migrate, migrations
from warehouse.stores import archive
from warehouse.tables import literal, quoted

_TEMPLATES: list[Path] = []


@contextmanager
def laid_once(folder: Path) -> Iterator[None]:
    """Archives that this process begins get their tables from one that is made in the folder."""
    template = folder / "template.duckdb"
    with archive.create(template) as made:
        migrate(made)
    _TEMPLATES.append(template)
    with patch.object(archive, "migrate", lay):
        yield
    _TEMPLATES.pop()


def lay(db: duckdb.DuckDBPyConnection, steps: Sequence[Migration] | None = None) -> tuple[int, ...]:
    """As `migrate`; an empty database gets its tables from the one that was made, if this process has it.

    Databases that have tables, and those of other processes, go through the steps they lack.
    """
    if not _TEMPLATES or steps is not None or applied(db):
        return migrate(db, steps)
    copy(_TEMPLATES[-1], db)
    return tuple(step.number for step in migrations())


def copy(template: Path, db: duckdb.DuckDBPyConnection) -> None:
    """Give an empty database all that another one has."""
    (name,) = db.execute("SELECT current_database()").fetchall()[0]
    db.execute(f"ATTACH {literal(template)} AS template (READ_ONLY)")
    db.execute(f"COPY FROM DATABASE template TO {quoted(name)}")
    db.execute("DETACH template")
