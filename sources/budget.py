"""How many requests a day: a count that outlives the run, in the small SQLite file beside the archive."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from extractors.errors import Stop
from extractors.site import JAPAN
from sources.locks import Clock

TABLE: Final = "CREATE TABLE IF NOT EXISTS requests (day TEXT PRIMARY KEY, made INTEGER NOT NULL)"
COUNT: Final = (
    "INSERT INTO requests (day, made) VALUES (?, 1) "
    "ON CONFLICT (day) DO UPDATE SET made = made + 1 RETURNING made"
)


@dataclass(frozen=True, slots=True)
class DailyBudget:
    """At most `limit` requests in one day of the Ministry's clock, over all runs.

    A request is counted before it is made, so a kill can only make the count too high.
    """

    path: Path
    limit: int
    clock: Clock

    def spend(self) -> None:
        """Count one request; `Stop` if the day's budget is used up."""
        with closing(self._open()) as state, state:
            made = int(state.execute(COUNT, (self._today(),)).fetchone()[0])
            if made > self.limit:
                state.rollback()
                raise Stop(
                    f"today's budget of {self.limit} requests is used up; the rest is owed and comes "
                    "tomorrow, or raise request_budget"
                )

    def spent(self) -> int:
        """How many requests were made today."""
        with closing(self._open()) as state:
            row = state.execute("SELECT made FROM requests WHERE day = ?", (self._today(),)).fetchone()
        return int(row[0]) if row else 0

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        state = sqlite3.connect(self.path, timeout=30)
        state.execute(TABLE)
        return state

    def _today(self) -> str:
        return self.clock().astimezone(JAPAN).date().isoformat()
