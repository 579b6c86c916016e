"""What the operator hears, on a channel of its own: each trouble once, again if it is worse or a day old."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import duckdb

from alerts import ledger
from alerts.letters import letter_id, note
from alerts.messages.views import words
from alerts.rules import Rules
from warehouse.runs import LATEST, latest
from warehouse.state import instant

AGAIN: Final = timedelta(days=1)
RECENT: Final = timedelta(days=7)
_RUN: Final = "SELECT run_id, kind, coalesce(status, 'interrupted'), error FROM run_notes WHERE run_id = ?"


@dataclass(frozen=True, slots=True)
class Concern:
    """Something a person should look at. A higher `level` of the same `topic` is worse."""

    topic: str
    level: int
    text: str


def concerns_of(
    archive: duckdb.DuckDBPyConnection, state: sqlite3.Connection, now: datetime
) -> list[Concern]:
    """What archive and ledger show: letters given up, pages that cannot be read, a last run that failed."""
    found = [
        Concern(
            f"dead letters {row['channel']}",
            row["dead"],
            f"channel {row['channel']}: {row['dead']} messages given up; "
            "`moej alerts list --dead` shows them, `moej alerts retry ID` sends one again",
        )
        for row in state.execute(
            "SELECT channel, count(*) AS dead FROM letters WHERE outcome = 'dead' "
            "GROUP BY channel ORDER BY channel"
        )
    ]
    return found + _quarantine(archive, now) + _last_run(archive)


def _quarantine(archive: duckdb.DuckDBPyConnection, now: datetime) -> list[Concern]:
    """Pages of the last week only: one that nobody will ever read should not be told every day."""
    row = archive.execute(
        "SELECT count(*) FROM quarantine WHERE resolved_at IS NULL AND seen_at > ?", [now - RECENT]
    ).fetchone()
    count = int(row[0]) if row else 0
    text = f"captures of the last week that cannot be read: {count}; `moej status` names them"
    return [Concern("quarantine", count, text)] if count else []


def _last_run(archive: duckdb.DuckDBPyConnection) -> list[Concern]:
    last = archive.execute(LATEST, latest(1)).fetchone()
    row = archive.execute(_RUN, list(last)).fetchone() if last else None
    if row is None or row[2] not in {"failed", "interrupted"}:
        return []
    return [Concern(f"run {row[0]}", 1, f"{row[1]} {row[0]} {row[2]}: {row[3] or 'it was killed'}")]


def tell(state: sqlite3.Connection, rules: Rules, concerns: Sequence[Concern], now: datetime) -> int:
    """Write the operator one letter of what is new, worse, or still so after a day.

    How many concerns it names.
    """
    channel = rules.options.operator
    if channel is None or not concerns:
        return 0
    with ledger.writing(state):
        due = [one for one in concerns if _is_due(state, one, now)]
        if due:
            frame = words(rules.options.lang)
            content = {
                "subject": frame["operator"].format(count=len(due)),
                "lines": [one.text for one in due],
            }
            key = letter_id(channel, "operator", instant(now), *(one.topic for one in due))
            note(state, channel, key, content, lang=rules.options.lang, at=now)
            state.executemany(
                "INSERT OR REPLACE INTO told VALUES (?, ?, ?)",
                [(one.topic, one.level, instant(now)) for one in due],
            )
    return len(due)


def _is_due(state: sqlite3.Connection, one: Concern, now: datetime) -> bool:
    row = state.execute("SELECT level, told_at FROM told WHERE topic = ?", [one.topic]).fetchone()
    return row is None or one.level > row["level"] or now - ledger.moment(row["told_at"]) >= AGAIN
