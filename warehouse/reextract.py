"""What another extractor read differently: the old archive beside the new one, version by version."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from warehouse import columns
from warehouse.state import Reextraction
from warehouse.tables import fetch, one

_OLD: Final = "old"


def beside(db: duckdb.DuckDBPyConnection, origin: Path) -> str | None:
    """Attach the archive that is being replaced as `old`, until `db` is closed; the extractor that made it.

    None if there is none or it cannot be read: a damaged archive must not stand in the way of the rebuild
    that replaces it.
    """
    if not origin.exists():
        return None
    place = str(origin).replace("'", "''")
    try:
        db.execute(f"ATTACH IF NOT EXISTS '{place}' AS {_OLD} (READ_ONLY)")
        made_by = one(db, f"SELECT value FROM {_OLD}.meta WHERE key = 'extractor_version'")  # noqa: S608
    except duckdb.Error:
        return None
    return None if made_by is None else str(made_by)


def known_captures(db: duckdb.DuckDBPyConnection, captures: Sequence[str]) -> frozenset[str]:
    """Which of these captures the old archive held."""
    rows = fetch(
        db,
        f"SELECT capture_id FROM {_OLD}.captures "  # noqa: S608 - a name of ours
        "SEMI JOIN (SELECT unnest(?) AS capture_id) USING (capture_id)",
        [list(captures)],
    )
    return frozenset(row["capture_id"] for row in rows)


def carry_over(db: duckdb.DuckDBPyConnection) -> None:
    """Take over the alerts of the old archive: what was announced is not in the log."""
    try:
        db.execute(f"INSERT INTO alerts BY NAME SELECT * FROM {_OLD}.alerts")  # noqa: S608
    except duckdb.CatalogException:
        return


def compare(
    db: duckdb.DuckDBPyConnection, *, at: datetime, from_version: str, to_version: str
) -> tuple[Reextraction, ...]:
    """Versions whose columns differ, matched by the capture that began them.

    One that only one of the two archives has is listed with the field `version`.
    """
    differing = ", ".join(
        f"CASE WHEN o.{name} IS DISTINCT FROM n.{name} THEN '{name}' END"
        for name in ("release_id", *columns.READ)
    )
    rows = fetch(
        db,
        f"""
        SELECT coalesce(n.release_id, o.release_id) AS release_id, coalesce(n.version, o.version) AS version,
               coalesce(n.capture_id, o.capture_id) AS capture_id,
               CASE WHEN n.capture_id IS NULL OR o.capture_id IS NULL THEN ['version']
                    ELSE list_filter([{differing}], lambda name: name IS NOT NULL) END AS fields
        FROM {_OLD}.release_versions o FULL JOIN release_versions n ON n.capture_id = o.capture_id
        WHERE len(fields) > 0
        ORDER BY ALL
        """,  # noqa: S608 - names of ours
    )
    return tuple(
        Reextraction(
            at,
            from_version,
            to_version,
            row["release_id"],
            row["version"],
            row["capture_id"],
            tuple(row["fields"]),
        )
        for row in rows
    )
