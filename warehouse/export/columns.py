"""The columns of a table: how each is written in each format, and what the datapackage says of it."""

from dataclasses import dataclass
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.said import comments

_TYPES: Final = {
    "VARCHAR": "string",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "BOOLEAN": "boolean",
    "DOUBLE": "number",
    "TINYINT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
}
# A spreadsheet runs a cell that begins so; the Japanese ones take the full-width signs as well.
_LIVE: Final = r"^[=+\-@\t\r\n＝＋－＠]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type in DuckDB and the comment that stands on it."""

    name: str
    type: str
    comment: str

    @property
    def field(self) -> dict[str, str]:
        """The column as a field of a Table Schema (Frictionless)."""
        kind = _TYPES.get(self.type) or ("array" if self.type.endswith("[]") else "object")
        return {"name": self.name, "type": kind, "description": self.comment}

    @property
    def plain(self) -> str:
        """SQL that gives the value for JSON: times as ISO 8601 in UTC, everything else as it is."""
        if self.type == "TIMESTAMP WITH TIME ZONE":
            # By way of microseconds: the session's time zone must not colour an export.
            time = f"make_timestamp(epoch_us({self._quoted}))"
            return f"strftime({time}, '%Y-%m-%dT%H:%M:%S.%fZ') AS {self._quoted}"
        return self._quoted

    @property
    def inert(self) -> str:
        """SQL for a CSV cell: an apostrophe before what a spreadsheet would run, lists as JSON."""
        if self.type == "VARCHAR":
            text = self._quoted
            return (
                f"CASE WHEN regexp_matches({text}, '{_LIVE}') THEN '''' || {text} ELSE {text} END AS {text}"
            )
        if self.type not in _TYPES:
            return f"CAST(to_json({self._quoted}) AS VARCHAR) AS {self._quoted}"
        return self.plain

    @property
    def _quoted(self) -> str:
        return f'"{self.name}"'


def columns(con: DuckDBPyConnection, table: str) -> tuple[Column, ...]:
    """The columns of a table or view, in order."""
    rows = con.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE table_name = ? AND database_name = current_database() ORDER BY column_index",
        [table],
    ).fetchall()
    known = comments()
    return tuple(Column(name, kind, said or known.get((table, name), "")) for name, kind, said in rows)
