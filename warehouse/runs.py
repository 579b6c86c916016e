"""Rows of the view `runs` for some runs."""

from collections.abc import Collection
from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.stores.dialect import is_lake
from warehouse.tables import fetch, fetch_of

_ONE: Final = "SELECT * FROM runs WHERE run_id = ?"
_SOME: Final = "SELECT * FROM runs SEMI JOIN asked USING (run_id)"
_FEW: Final = 20


def runs_of(db: DuckDBPyConnection, run_ids: Collection[str]) -> list[dict[str, Any]]:
    """The runs with these ids, oldest first.

    A few are asked for one by one: DuckDB carries a single id down into the ledger, and would count the lines
    of all runs otherwise. On a lake each would ask the catalogue 129 things, so that more than one are asked
    for together.
    """
    if len(run_ids) <= (1 if is_lake(db) else _FEW):
        rows = [row for run_id in run_ids for row in fetch(db, _ONE, [run_id])]
    else:
        rows = fetch_of(db, _SOME, "run_id", run_ids)
    return sorted(rows, key=lambda row: (row["started_at"], row["run_id"]))
