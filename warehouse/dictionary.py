"""`docs/data-dictionary.md`, made from the comments in the archive: `python -m warehouse.dictionary`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.migrate import migrate
from warehouse.tables import fetch

PLACE: Final = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_FIRST: Final = ("releases", "release_versions", "jcm_announcements", "duplicates", "reextractions")
_THEN: Final = ("runs", "ledger", "quarantine", "captures", "listings", "failures", "alerts", "deliveries")
_HEAD: Final = """# Data dictionary

Every table, view and macro of `archive.duckdb`, made from the comments in the database itself by
`python -m warehouse.dictionary`; the same text stands behind `DESCRIBE` in any client that shows comments.

Times are instants (`TIMESTAMPTZ`). Open the file read-only: `duckdb -readonly data/archive.duckdb`.
"""
_TABLES: Final = """
SELECT table_name AS name, 'table' AS kind, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary
UNION ALL SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal AND NOT temporary
"""
_COLUMNS: Final = """
SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal
ORDER BY table_name, column_index
"""
_MACROS: Final = """
SELECT function_name AS name, parameters, comment FROM duckdb_functions()
WHERE NOT internal AND function_type = 'table_macro' ORDER BY function_name
"""


def dictionary(db: duckdb.DuckDBPyConnection) -> str:
    """The text of the dictionary, from the comments in a database."""
    columns: dict[str, list[dict[str, Any]]] = {}
    for row in fetch(db, _COLUMNS):
        columns.setdefault(row["table_name"], []).append(row)
    parts = [_HEAD]
    parts += (
        _section(row["name"], row["kind"], row["comment"], columns.get(row["name"], ()))
        for row in _in_order(db)
    )
    parts += (_macro(row) for row in fetch(db, _MACROS))
    return "\n".join(parts)


def _in_order(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """What analysts open first comes first; the workings come last, by name."""
    ranks = {name: rank for rank, name in enumerate((*_FIRST, *_THEN))}
    return sorted(fetch(db, _TABLES), key=lambda row: (ranks.get(row["name"], len(ranks)), row["name"]))


def _section(name: str, kind: str, comment: str | None, columns: Any) -> str:
    return "\n".join([f"## {name} ({kind})", "", comment or "", "", *_rows(columns), ""])


def _rows(columns: Any) -> Iterator[str]:
    yield "| column | type | |"
    yield "|---|---|---|"
    for column in columns:
        cells = (f"`{column['column_name']}`", f"`{column['data_type']}`", column["comment"] or "")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _macro(row: dict[str, Any]) -> str:
    return f"## {row['name']}({', '.join(row['parameters'])}) (table macro)\n\n{row['comment'] or ''}\n"


def main() -> None:
    """Write the dictionary of an archive that this program would make."""
    with duckdb.connect() as db:
        migrate(db)
        PLACE.write_text(dictionary(db), encoding="utf-8")
    sys.stderr.write(f"wrote {PLACE.name}\n")


if __name__ == "__main__":
    main()
