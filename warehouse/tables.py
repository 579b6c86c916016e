"""Moving rows between Python and DuckDB as Arrow tables: `executemany` is a hundred times slower."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import table

_ASKED: Final = "asked"


def quoted(name: str) -> str:
    """An identifier for SQL, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def write(db: DuckDBPyConnection, sql: str, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Run a statement that reads the table `incoming`, made of these rows; nothing if there are none."""
    if rows:
        _write(db, sql, table(list(rows), schema))


def _write(db: DuckDBPyConnection, sql: str, incoming: pa.Table) -> None:  # noqa: ARG001 - DuckDB finds it by its name
    # A table that is registered stays in memory until the transaction ends, all of a rebuild's together.
    db.execute(sql)


def insert(db: DuckDBPyConnection, name: str, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Append rows to a table, matching columns by name."""
    write(db, f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM incoming", rows, schema)  # noqa: S608 - quoted


def insert_table(db: DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Append an Arrow table to a table, matching columns by name."""
    if rows.num_rows:
        _write(db, f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM incoming", rows)  # noqa: S608 - quoted


def fetch(
    db: DuckDBPyConnection, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, times in UTC."""
    arrow = db.execute(sql, parameters).to_arrow_table()
    found: list[dict[str, Any]] = arrow.to_pylist(maps_as_pydicts="strict")
    return found


def fetch_of(
    db: DuckDBPyConnection, sql: str, column: str, values: Iterable[object], kind: pa.DataType | None = None
) -> list[dict[str, Any]]:
    """The rows of a query that reads the table `asked`, which has one column of these values.

    A list as a parameter would cost a millisecond an element: for each, DuckDB looks whether numpy is there.
    """
    asked = pa.table({column: pa.array(list(values), kind or pa.string())})
    db.register(_ASKED, asked)
    try:
        return fetch(db, sql)
    finally:
        db.unregister(_ASKED)


def one(db: DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Any:
    """The single value of a query; None if it has no row."""
    row = db.execute(sql, list(parameters)).fetchone()
    return None if row is None else row[0]
