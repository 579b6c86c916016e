"""Moving rows between Python and DuckDB as Arrow tables: `executemany` is a hundred times slower."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import table

ROOM: Final = 8_192
"""Rows for which DuckDB makes room in each column of an Arrow table; by itself it does for a million."""
_PRESSED: Final = pa.ipc.IpcWriteOptions(compression="lz4")


def quoted(name: str) -> str:
    """An identifier for SQL, whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """A text for SQL where no parameter may stand, as in ATTACH; whatever it contains."""
    return "'" + str(text).replace("'", "''") + "'"


def write(db: DuckDBPyConnection, sql: str, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Run a statement that reads the table `incoming`, made of these rows; nothing if there are none."""
    if rows:
        execute_on(db, sql, table(list(rows), schema))


def execute_on(db: DuckDBPyConnection, sql: str, incoming: pa.Table) -> None:  # noqa: ARG001 - DuckDB finds it by its name
    """Run a statement that reads the table `incoming`, which may be large; it is let go of afterwards."""
    db.execute(sql)


@contextmanager
def showing(db: DuckDBPyConnection, **tables: pa.Table) -> Iterator[None]:
    """Let the statements of the block read these tables by their names, small ones.

    What is shown so stays in memory until the transaction ends, all of a rebuild's together.
    """
    for name, shown in tables.items():
        db.register(name, shown)
    try:
        yield
    finally:
        for name in tables:
            db.unregister(name)


def column(name: str, values: Iterable[object], kind: pa.DataType | None = None) -> pa.Table:
    """A table of one column, of texts unless a type is given.

    A list as a parameter would cost a millisecond an element: for each, DuckDB looks whether numpy is there.
    """
    return pa.table({name: pa.array(list(values), kind or pa.string())})


def insert(db: DuckDBPyConnection, name: str, rows: Sequence[dict[str, Any]], schema: pa.Schema) -> None:
    """Append rows to a table, matching columns by name."""
    write(db, f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM incoming", rows, schema)  # noqa: S608 - quoted


def insert_table(db: DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Append an Arrow table to a table, matching columns by name."""
    if rows.num_rows:
        execute_on(db, f"INSERT INTO {quoted(name)} BY NAME SELECT * FROM incoming", rows)  # noqa: S608 - quoted


def fetch(
    db: DuckDBPyConnection, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[dict[str, Any]]:
    """The rows of a query, times in UTC."""
    return rows_of(arrow(db.execute(sql, parameters)))


def arrow(found: DuckDBPyConnection) -> pa.Table:
    """What a statement found, in pieces of at most `ROOM` rows."""
    return found.to_arrow_table(ROOM)


def rows_of(rows: pa.Table) -> list[dict[str, Any]]:
    """An Arrow table row by row."""
    # Told what to do with maps, pyarrow takes ten times as long for every other column.
    maps = any("map<" in str(kind) for kind in rows.schema.types)
    found: list[dict[str, Any]] = rows.to_pylist(maps_as_pydicts="strict" if maps else None)
    return found


def parcels(rows: pa.Table, size: int) -> Iterator[bytes]:
    """Rows `packed`, at most `size` together."""
    return (packed(rows.slice(start, size)) for start in range(0, rows.num_rows, size))


def packed(rows: pa.Table) -> bytes:
    """Rows on their way to another process, which makes Python's objects of them; a slice is sent alone.

    Many wait on that way: pressed together they take a third of the memory.
    """
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=_PRESSED) as stream:
        stream.write_table(rows)
    return sink.getvalue().to_pybytes()


def unpacked(rows: bytes) -> list[dict[str, Any]]:
    """What `packed` was given, row by row."""
    return rows_of(pa.ipc.open_stream(rows).read_all())


def fetch_of(
    db: DuckDBPyConnection, sql: str, name: str, values: Iterable[object], kind: pa.DataType | None = None
) -> list[dict[str, Any]]:
    """The rows of a query that reads the table `asked`, which has one column of these values."""
    with showing(db, asked=column(name, values, kind)):
        return fetch(db, sql)


@contextmanager
def one_state(db: DuckDBPyConnection) -> Iterator[None]:
    """Let the questions of the block, which only reads, share a transaction; none may be open.

    On a lake each would open its own in the catalogue, which takes six statements there.
    """
    db.begin()
    try:
        yield
    finally:
        # Where the catalogue is gone this fails too, and would hide what it was that failed.
        with suppress(duckdb.Error):
            db.rollback()


def one(db: DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> Any:
    """The single value of a query; None if it has no row."""
    row = db.execute(sql, list(parameters)).fetchone()
    return None if row is None else row[0]
