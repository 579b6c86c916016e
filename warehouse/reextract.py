"""What another extractor read differently: the old archive beside the new one, version by version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import duckdb

from warehouse import columns
from warehouse.state import Reextraction
from warehouse.stores.old import OLD, has
from warehouse.tables import fetch, fetch_of, one

# A replaced file begins a version of every release that links to it, all with one capture.
_KEY: Final = "capture_id || CASE WHEN change = 'attachment' THEN ' ' || release_id ELSE '' END AS key"
_SIDES: Final = f"""
(FROM (SELECT {_KEY}, release_id, version, capture_id, {{hashes}} FROM {OLD}.release_versions) {{which}}) o
FULL JOIN (
    FROM (SELECT {_KEY}, release_id, version, capture_id, {{hashes}}
          FROM release_versions SEMI JOIN {OLD}.captures USING (capture_id)) {{which}}
) n USING (key)
"""  # noqa: S608 - names of ours
_DIFFERING: Final = f"""
CREATE OR REPLACE TEMP TABLE differing AS
SELECT key FROM {_SIDES} WHERE o.said IS DISTINCT FROM n.said
"""  # noqa: S608 - as above
_FIELDS: Final = f"""
SELECT coalesce(n.release_id, o.release_id) AS release_id, coalesce(n.version, o.version) AS version,
       coalesce(n.capture_id, o.capture_id) AS capture_id,
       CASE WHEN n.capture_id IS NULL OR o.capture_id IS NULL THEN ['version']
            ELSE list_filter([{{fields}}], lambda name: name IS NOT NULL) END AS fields
FROM {_SIDES}
ORDER BY ALL
"""  # noqa: S608 - as above


def beside(db: duckdb.DuckDBPyConnection) -> str | None:
    """The extractor that made the archive that is being replaced, here as `old`; None if there is none."""
    if not has(db, "meta"):
        return None
    made_by = one(db, f"SELECT value FROM {OLD}.meta WHERE key = 'extractor_version'")  # noqa: S608
    return None if made_by is None else str(made_by)


def known_captures(db: duckdb.DuckDBPyConnection, captures: Sequence[str]) -> frozenset[str]:
    """Which of these captures the old archive held."""
    query = f"SELECT capture_id FROM {OLD}.captures SEMI JOIN asked USING (capture_id)"  # noqa: S608
    rows = fetch_of(db, query, "capture_id", captures)
    return frozenset(row["capture_id"] for row in rows)


def carry_over(db: duckdb.DuckDBPyConnection) -> None:
    """Take over the alerts of the old archive: what was announced is not in the log."""
    if has(db, "alerts"):
        db.execute(f"INSERT INTO alerts BY NAME SELECT * FROM {OLD}.alerts")  # noqa: S608 - a name of ours


def compare(
    db: duckdb.DuckDBPyConnection, *, at: datetime, from_version: str, to_version: str
) -> tuple[Reextraction, ...]:
    """Versions whose columns differ, matched by the capture that began them.

    One that only one of the two has, though both knew its capture, is listed with the field `version`.
    """
    # Hashes, of the types that columns have now: all texts of two archives would fill memory.
    types = {row["column_name"]: row["column_type"] for row in fetch(db, "DESCRIBE release_versions")}
    typed = {name: f"CAST({name} AS {types[name]})" for name in ("release_id", *columns.READ)}
    db.execute(_DIFFERING.format(hashes=f"hash({', '.join(typed.values())}) AS said", which=""))
    hashes = ", ".join(f"hash({value}) AS {name}_hash" for name, value in typed.items())
    fields = ", ".join(
        f"CASE WHEN o.{name}_hash IS DISTINCT FROM n.{name}_hash THEN '{name}' END" for name in typed
    )
    rows = fetch(db, _FIELDS.format(hashes=hashes, fields=fields, which="SEMI JOIN differing USING (key)"))
    db.execute("DROP TABLE differing")
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
