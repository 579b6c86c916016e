"""The dead-man check, and how the outbox stands, for `moej status` and whatever calls it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from alerts import ledger
from warehouse.stores.archive import attach
from warehouse.stores.draft import Place

_LAST_GOOD: Final = """
SELECT max(finished_at) FROM run_notes WHERE status = 'done' AND kind = 'run'
"""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the last good daily run is young enough; `reason` is one line for a person."""

    ok: bool
    last_good: datetime | None
    age: timedelta | None
    reason: str


def health(archive: Place, max_age: timedelta, now: datetime) -> Health:
    """Whether the last daily run that ended well is younger than `max_age`.

    No other kind counts: hourly looks that go well would hide that the daily run, which alone asks known
    pages again, is missing.
    """
    if not archive.exists():
        return Health(ok=False, last_good=None, age=None, reason=f"there is no archive at {archive}")
    with attach(archive) as db:
        row = db.execute(_LAST_GOOD).fetchone()
    last: datetime | None = row[0] if row else None
    if last is None:
        return Health(ok=False, last_good=None, age=None, reason="no daily run has ended well yet")
    age = now - last
    hours = age.total_seconds() / 3600
    verdict = "within" if age <= max_age else "older than"
    reason = (
        f"the last good daily run ended {hours:.1f} h ago, {verdict} {max_age.total_seconds() / 3600:.1f} h"
    )
    return Health(ok=age <= max_age, last_good=last, age=age, reason=reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """The outbox: alerts not yet in a letter, letters waiting and given up by channel, the oldest."""

    unsorted: int = 0
    waiting: Mapping[str, int] = field(default_factory=dict)
    dead: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None


def standing(archive: Place, state: Path) -> Standing:
    """What is pending, from the archive and the ledger, neither of which is changed."""
    sendable: dict[str, set[str]] = {}
    if archive.exists():
        with attach(archive) as db:
            found = db.execute("SELECT alert_id, channels FROM alerts WHERE held IS NULL").fetchall()
            sendable = {str(row[0]): set(row[1] or ()) for row in found}
    if not ledger.exists(state):
        return Standing(unsorted=sum(1 for one in sendable.values() if one))
    with closing(ledger.looked_into(state)) as con:
        rows = con.execute(
            "SELECT channel, outcome, count(*) AS n, min(made_at) AS oldest FROM letters "
            "WHERE outcome <> 'delivered' GROUP BY channel, outcome"
        ).fetchall()
        done = {(row[0], row[1]) for row in con.execute("SELECT alert_id, channel FROM letter_parts")}
    unsorted = sum(any((alert, one) not in done for one in channels) for alert, channels in sendable.items())
    waiting = {row["channel"]: row["n"] for row in rows if row["outcome"] == "waiting"}
    oldest = min((row["oldest"] for row in rows if row["outcome"] == "waiting"), default=None)
    return Standing(
        unsorted=unsorted,
        waiting=waiting,
        dead={row["channel"]: row["n"] for row in rows if row["outcome"] == "dead"},
        oldest=ledger.moment(oldest) if oldest else None,
    )
