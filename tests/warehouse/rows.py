"""Rows of `release_versions` for tests that need an archive but no log: whole by default, changed by name."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from tests.warehouse.backends import Backend, current
from warehouse.columns import PLACED, READ, schema

FIRST = datetime(2025, 7, 1, 3, tzinfo=UTC)


@contextmanager
def empty_archive(backend: Backend | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An archive with all tables and no rows on the current back end or this one, given back at the end."""
    backend = backend or current()
    con = backend.empty()
    try:
        yield con
    finally:
        backend.done(con)


def release(release_id: str, **fields: Any) -> dict[str, Any]:
    """A row: the only version of a Japanese release of the day its id begins with, `fields` apart."""
    day = date(int(release_id[:4]), int(release_id[4:6]), int(release_id[6:8]))
    row: dict[str, Any] = dict.fromkeys([*READ, *PLACED])
    row |= {
        "release_id": release_id,
        "url": f"https://www.env.go.jp/press/{release_id[9:]}.html",
        "lang": "ja",
        "title": f"お知らせ{release_id}",
        "published_on": day,
        "body": "",
        "jcm_role": "none",
        "version": 1,
        "versions": 1,
        "first_seen_at": FIRST,
        "content_hash": release_id,
        "extractor_version": "1",
        "capture_id": f"capture-{release_id}-{fields.get('version', 1)}",
        "valid_from": FIRST,
        "change": "created",
    }
    lists = ("categories", "joint_with", "facts", "contacts", "attachments", "links", "corrections")
    row |= dict.fromkeys((*lists, "countries", "jcm_evidence", "jcm_countries"), ())
    return row | fields


def history(*versions: dict[str, Any]) -> list[dict[str, Any]]:
    """The same release version by version, a day apart: numbers and intervals are filled in."""
    last = len(versions)
    rows = []
    for number, row in enumerate(versions, start=1):
        begins = FIRST + timedelta(days=number - 1)
        ends = None if number == last else begins + timedelta(days=1)
        placed = {"version": number, "versions": last, "valid_from": begins, "valid_to": ends}
        placed["changed_at"] = begins if number > 1 else None
        change = row["change"] if number == 1 or row["change"] != "created" else "changed"
        capture = f"capture-{row['release_id']}-{number}"
        rows.append(row | placed | {"change": change, "capture_id": capture})
    return rows


def insert(con: duckdb.DuckDBPyConnection, rows: Iterable[dict[str, Any]]) -> list[str]:
    """Write the rows; the ids of their releases, each once."""
    given = list(rows)
    table = pa.Table.from_pylist(
        given, schema({"release_id": pa.string(), **READ, **PLACED, "extractor_version": pa.string()})
    )
    con.register("given_rows", table)
    con.execute("INSERT INTO release_versions BY NAME SELECT * FROM given_rows")
    con.unregister("given_rows")
    return list(dict.fromkeys(row["release_id"] for row in given))
