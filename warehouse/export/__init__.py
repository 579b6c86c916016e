"""The archive as files: Parquet parted by year, CSV and JSON Lines, each folder a Frictionless data package.

    FOLDER/parquet/releases/year=2025/….parquet   FOLDER/csv/releases.csv   FOLDER/jsonl/releases.jsonl
    FOLDER/parquet/datapackage.json               …

Each format is written to a folder beside its place and renamed when it is whole: whoever reads sees the old
export or the new one.
"""

import json
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from duckdb import DuckDBPyConnection

from extractors.errors import Usage
from warehouse.export.columns import Column, columns
from warehouse.export.package import NAME, package, resource
from warehouse.tables import literal

__all__ = ["FORMATS", "TABLES", "export"]

FORMATS: Final = ("parquet", "csv", "jsonl")
TABLES: Final = (
    "releases",
    "release_versions",
    "duplicates",
    "reextractions",
    "captures",
    "quarantine",
    "runs",
    "ledger",
)
_BY_YEAR: Final = frozenset({"releases", "release_versions"})


def export(
    con: DuckDBPyConnection, folder: Path, *, exported_at: datetime, formats: Sequence[str] = FORMATS
) -> tuple[Path, ...]:
    """Write the archive under `folder`, one folder for each format; these folders.

    An earlier export there is replaced. `Usage` for an unknown format, or for a folder that holds something
    else.
    """
    for form in formats:
        _refuse(folder, form)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_whole(con, folder / form, form, exported_at) for form in formats)


def _refuse(folder: Path, form: str) -> None:
    if form not in FORMATS:
        raise Usage(f"format {form!r} is none of {', '.join(FORMATS)}")
    target = folder / form
    if target.exists() and not _is_export(target):
        raise Usage(f"{target} exists and is no export of moej; name another folder, or move it away")


def _is_export(target: Path) -> bool:
    try:
        return bool(json.loads((target / "datapackage.json").read_text(encoding="utf-8"))["name"] == NAME)
    except (OSError, ValueError, KeyError, TypeError):
        return target.is_dir() and not any(target.iterdir())


def _whole(con: DuckDBPyConnection, target: Path, form: str, exported_at: datetime) -> Path:
    """Write one format and put it in its place."""
    draft = target.with_name(f".{target.name}.draft-{os.getpid()}")
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        written = [_table(con, draft, table, form) for table in TABLES]
        text = json.dumps(package(written, exported_at), ensure_ascii=False, indent=2)
        (draft / "datapackage.json").write_text(text + "\n", encoding="utf-8")
        if target.exists():
            target.rename(old)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return target


def _table(con: DuckDBPyConnection, draft: Path, table: str, form: str) -> dict[str, Any]:
    described = columns(con, table)
    if form == "parquet" and table in _BY_YEAR and _has_rows(con, table):
        by_year = f"SELECT *, year(published_on) AS year FROM {table}"  # noqa: S608 - a name of ours
        _copy(con, by_year, draft / table, "parquet, PARTITION_BY (year)")
    elif form == "parquet":
        _copy(con, f"FROM {table}", draft / f"{table}.parquet", "parquet")
    elif form == "csv":
        _copy(
            con,
            _selected(table, [column.inert for column in described]),
            draft / f"{table}.csv",
            "csv, HEADER",
        )
    else:
        _copy(con, _selected(table, [column.plain for column in described]), draft / f"{table}.jsonl", "json")
    paths = sorted(
        str(path.relative_to(draft)) for path in draft.rglob(f"*.{form}") if _of(path, draft) == table
    )
    return resource(table, _comment(con, table), _with_year(described, form, table), paths, form)


def _has_rows(con: DuckDBPyConnection, table: str) -> bool:
    """Whether there is a row: without one there would be no year, hence no file that shows the columns."""
    return con.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608 - a name of ours


def _selected(table: str, expressions: Sequence[str]) -> str:
    return f"SELECT {', '.join(expressions)} FROM {table}"  # noqa: S608 - names of ours


def _copy(con: DuckDBPyConnection, query: str, to: Path, how: str) -> None:
    con.execute(f"COPY ({query}) TO {literal(to)} (FORMAT {how})")


def _of(path: Path, draft: Path) -> str:
    return path.relative_to(draft).parts[0].removesuffix(path.suffix)


def _with_year(described: Sequence[Column], form: str, table: str) -> tuple[Column, ...]:
    if form != "parquet" or table not in _BY_YEAR:
        return tuple(described)
    return (
        *described,
        Column("year", "BIGINT", "Year of published_on; the name of the folder, not in the files."),
    )


def _comment(con: DuckDBPyConnection, table: str) -> str:
    row = con.execute(
        "SELECT comment FROM (SELECT table_name AS name, comment, database_name FROM duckdb_tables() "
        "UNION ALL SELECT view_name, comment, database_name FROM duckdb_views()) "
        "WHERE name = ? AND database_name = current_database()",
        [table],
    ).fetchone()
    return str(row[0]) if row and row[0] else ""
