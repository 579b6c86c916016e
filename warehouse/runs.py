"""The last runs in one order, and what came of them: for `moej runs`, `moej status` and the reading room.

    ids = [row["run_id"] for row in fetch(db, LATEST, latest(20))]
    rows = in_order(fetch(db, RUNS, of(ids)), ids)

Newest first; of runs that began at one time, as all do under a clock that stands still (MOEJ_NOW), the last
to arrive in the log. Where a run without any answer stands among them the archive does not know: it counts
as the oldest.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

# With no two that began at one time nothing is asked of the captures, which are many, and on a lake far away.
LATEST: Final = """
WITH notes AS (
    SELECT run_id, started_at, count(*) OVER (PARTITION BY started_at) > 1 AS tied FROM run_notes
    WHERE started_at <= coalesce($until, TIMESTAMPTZ 'infinity')
),
arrived AS (
    SELECT run_id, min(sequence) AS file FROM captures SEMI JOIN (FROM notes WHERE tied) USING (run_id)
    GROUP BY run_id
),
places AS (
    SELECT run_id, struct_pack(started_at, file := coalesce(file, 0), run_id) AS place
    FROM notes LEFT JOIN arrived USING (run_id)
)
SELECT run_id FROM places
WHERE $after IS NULL OR place < (SELECT place FROM places WHERE run_id = $after)
ORDER BY place DESC LIMIT $limit
"""
RUNS: Final = """
SELECT * EXCLUDE (fill_shares) FROM runs_of(CASE WHEN $few THEN string_split($run_ids, chr(10)) END)
SEMI JOIN (SELECT unnest(string_split($run_ids, chr(10))) AS run_id) USING (run_id)
"""
_FEW: Final = 500
"""Runs whose pages are counted alone; to look for more ids takes as long as to count all pages."""


def latest(limit: int, *, until: datetime | None = None, after: str | None = None) -> dict[str, Any]:
    """The parameters of `LATEST`: runs that began by `until`, those that stand after the run `after`."""
    return {"limit": limit, "until": until, "after": after}


def of(run_ids: Sequence[str]) -> dict[str, Any]:
    """The parameters of `RUNS`."""
    # One text: without numpy a list takes DuckDB a quarter of a millisecond an element.
    return {"run_ids": "\n".join(run_ids), "few": len(run_ids) <= _FEW}


def in_order(rows: Iterable[dict[str, Any]], run_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of `RUNS` in the order of the ids."""
    places = {run_id: place for place, run_id in enumerate(run_ids)}
    return sorted(rows, key=lambda row: places[row["run_id"]])
