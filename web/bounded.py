"""Questions to the database that end in time, whatever they ask."""

import threading
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any, Self

import duckdb
import pyarrow as pa

from extractors.errors import Transient


class TooLong(Transient):
    """A question was stopped at its time limit."""


class Desk:
    """Asks one borrowed connection; all questions of one request share `seconds`."""

    def __init__(self, db: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.db = db
        self._seconds = seconds
        self._ends = monotonic() + seconds

    def table(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pa.Table:
        """The answer as an Arrow table, times in UTC; `TooLong` at the limit."""
        with self:
            return self.db.execute(sql, parameters or None).to_arrow_table()

    def rows(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, Any]]:
        """The answer as dictionaries."""
        found: list[dict[str, Any]] = self.table(sql, parameters).to_pylist(maps_as_pydicts="strict")
        return found

    def row(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> dict[str, Any] | None:
        """The first row of the answer, if it has one."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def __enter__(self) -> Self:
        left = self._ends - monotonic()
        if left <= 0:
            raise self._too_long()
        self._timer = threading.Timer(left, self.db.interrupt)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._timer.cancel()
        if isinstance(error, duckdb.InterruptException):
            raise self._too_long() from error

    def _too_long(self) -> TooLong:
        return TooLong(f"this took longer than {self._seconds:g} s and was stopped; ask for less")
