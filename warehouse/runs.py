"""The last runs, and rows of the view `runs` for some runs."""

from collections.abc import Sequence
from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.stores.dialect import is_lake
from warehouse.tables import fetch, fetch_of

_ONE: Final = "SELECT * FROM runs WHERE run_id = ?"
_SOME: Final = "SELECT * FROM runs SEMI JOIN asked USING (run_id)"
_FEW: Final = 20
_LATEST: Final = (
    "SELECT run_id, started_at FROM run_notes QUALIFY rank() OVER (ORDER BY started_at DESC) <= ?"
)
_ARRIVED: Final = (
    "SELECT run_id, min(sequence) AS file FROM captures SEMI JOIN asked USING (run_id) GROUP BY run_id"
)


def latest(db: DuckDBPyConnection, limit: int) -> list[str]:
    """Ids of the last runs, newest first; of those that began at one time, the last to arrive in the log.

    Under a clock that stands still (MOEJ_NOW) all begin at one time. Where a run without any answer stands
    among them the archive does not know: it counts as the oldest.
    """
    rows = fetch(db, _LATEST, [limit])
    arrived: dict[str, int] = {}
    # Else nothing is asked of the captures, which are many, and on a lake far away.
    if len({row["started_at"] for row in rows}) < len(rows):
        tied = fetch_of(db, _ARRIVED, "run_id", [row["run_id"] for row in rows])
        arrived = {row["run_id"]: row["file"] for row in tied}
    rows.sort(key=lambda row: (row["started_at"], arrived.get(row["run_id"], 0), row["run_id"]), reverse=True)
    return [row["run_id"] for row in rows[:limit]]


def runs_of(db: DuckDBPyConnection, run_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The runs with these ids, in their order.

    A few are asked for one by one: DuckDB carries a single id down into the ledger, and would count the lines
    of all runs otherwise. On a lake each would ask the catalogue 129 things, so that more than one are asked
    for together.
    """
    if len(run_ids) <= (1 if is_lake(db) else _FEW):
        rows = [row for run_id in run_ids for row in fetch(db, _ONE, [run_id])]
    else:
        rows = fetch_of(db, _SOME, "run_id", run_ids)
    places = {run_id: place for place, run_id in enumerate(run_ids)}
    return sorted(rows, key=lambda row: places[row["run_id"]])
