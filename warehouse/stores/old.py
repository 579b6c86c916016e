"""The archive that a draft will replace, shown in the draft's connection as the database `old`."""

from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.tables import one

OLD: Final = "old"
SHOWN: Final = ("deliveries", "reextractions")
"""Tables that show what machines remember and the log does not say."""


def has(db: DuckDBPyConnection, table: str) -> bool:
    """Whether there is an old archive with this table."""
    # For its list of tables DuckDB counts the rows of each, of a lake by asking its catalogue.
    query = "SELECT count(*) FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
    return bool(one(db, query, [OLD, table]))


def keep_shown(db: DuckDBPyConnection) -> None:
    """Take over what other machines remember; each only adds its own at its loads."""
    for table in SHOWN:
        if has(db, table):
            db.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {OLD}.{table}")  # noqa: S608 - names of ours
