"""Questions to the database that end in time, whatever they ask."""

import threading
from collections.abc import Mapping, Sequence
from math import inf
from time import monotonic
from typing import Any, Final, Self

import duckdb
import pyarrow as pa

from extractors.errors import Stop, Transient
from warehouse.migrate import migrations, outdated
from warehouse.tables import arrow

AGAIN: Final = 0.05


class TooLong(Transient):
    """A question was stopped at its time limit."""


class _Watch:
    """Interrupts questions at their time limit.

    One thread for all of them: to start one for each question costs more than most questions.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._ends: dict[Desk, float] = {}
        self._wakes = inf
        self._thread: threading.Thread | None = None

    def begin(self, desk: "Desk", ends: float) -> None:
        """From now on this desk is interrupted once that time has come."""
        with self._turn:
            self._ends[desk] = ends
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="time limits", daemon=True)
                self._thread.start()
            if ends < self._wakes:
                self._turn.notify()

    def end(self, desk: "Desk") -> None:
        """The question has ended; after this no interrupt can meet the next one on the same connection."""
        with self._turn:
            self._ends.pop(desk, None)

    def _watch(self) -> None:
        with self._turn:
            while True:
                now = monotonic()
                for desk in [one for one, ends in self._ends.items() if ends <= now]:
                    desk.db.interrupt()
                soonest = min(self._ends.values(), default=inf)
                # Interrupted again until it stops: the first may have come before it began.
                self._wakes = max(soonest, now + AGAIN)
                self._turn.wait(None if soonest == inf else self._wakes - now)


class Desk:
    """Asks one borrowed connection; all questions of one request share `seconds`."""

    def __init__(self, db: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.db = db
        self._seconds = seconds
        self._ends = monotonic() + seconds

    def table(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pa.Table:
        """The answer as an Arrow table, times in UTC; `TooLong` at the limit."""
        with self:
            return arrow(self.db.execute(sql, parameters or None))

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
        if self._ends <= monotonic():
            raise self._too_long()
        _WATCH.begin(self, self._ends)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        _WATCH.end(self)
        if isinstance(error, duckdb.InterruptException):
            raise self._too_long() from error
        if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
            said = " ".join(str(error).split())[:200]
            raise Stop(
                outdated(self.db, migrations())
                or f"the archive is not of this moej's making ({said}); `moej rebuild` makes it again"
            ) from error

    def _too_long(self) -> TooLong:
        return TooLong(f"this took longer than {self._seconds:g} s and was stopped; ask for less")


_WATCH: Final = _Watch()
