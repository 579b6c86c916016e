"""What was decided before this load, so that a database made anew decides none of it again.

A rebuild makes every version from the log, and with it the question "is this an alert?" for all of history.
The answer was given when the version was news, under the rules of that day, and must not be given twice:

- what the old archive or the ledger has a row for is carried over, row by row
- a file of the raw archive that either of them had loaded is decided: its versions raise nothing more
- a file that neither knows is news, and is decided as in any load

The last is what becomes of versions whose load was killed, and of rows that were published but never mirrored
when the archive was deleted: nothing of theirs can have been sent (see `alerts.ledger`), and their ids come
out the same.

If neither exists although the log is not new, nothing tells what readers have heard. Then alerts are raised
and held as `no memory`: `moej alerts list --held` shows them, `moej alerts retry ID` sends one after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from alerts import ledger
from alerts.changes import Change
from alerts.outbox import Alert, rows, write
from warehouse.stores.archive import attach
from warehouse.stores.draft import Place
from warehouse.tables import column, showing


@dataclass(frozen=True, slots=True)
class Memory:
    """The old archive and the ledger, either of which may be missing, and the files they had decided."""

    origin: Place | None
    state: Path | None
    decided: frozenset[str]

    @property
    def known(self) -> bool:
        """Whether there is anything to go by."""
        return self.origin is not None or bool(self.decided)


def remember(origin: Place, state: Path) -> Memory:
    """What the published archive `origin` and the ledger `state` know; both are only read.

    Call it inside the draft, where no other load can replace the archive. An archive that does not open
    counts as none.
    """
    loaded = _loaded(origin)
    ours = state if ledger.exists(state) else None
    files = loaded or frozenset()
    if ours is not None:
        with ledger.opened(ours) as con:
            files |= ledger.decided(con)
    return Memory(None if loaded is None else origin, ours, files)


def _loaded(origin: Place) -> frozenset[str] | None:
    """The files an archive was made from; None if there is none to ask."""
    if not origin.exists():
        return None
    try:
        with attach(origin) as old:
            return frozenset(str(row[0]) for row in old.execute("SELECT name FROM warc_files").fetchall())
    except duckdb.Error:
        return None


def carry_over(con: duckdb.DuckDBPyConnection, memory: Memory) -> int:
    """Put the rows that are remembered and missing into the draft's outbox; how many."""
    have = {str(row[0]) for row in con.execute("SELECT alert_id FROM alerts").fetchall()}
    found: list[Alert] = []
    if memory.origin is not None:
        with attach(memory.origin) as old:
            found += rows(old, but=have)
    have |= {one.alert_id for one in found}
    if memory.state is not None:
        with ledger.opened(memory.state) as state:
            found += ledger.kept(state, but=have)
    write(con, found)
    return len(found)


def undecided(con: duckdb.DuckDBPyConnection, changes: Sequence[Change], memory: Memory) -> list[Change]:
    """The changes that come from files nobody has decided about."""
    if not memory.decided:
        return list(changes)
    with showing(con, asked=column("capture_id", [one.capture_id for one in changes])):
        found = con.execute("SELECT capture_id, warc_file FROM captures SEMI JOIN asked USING (capture_id)")
        files = dict(found.fetchall())
    return [one for one in changes if files.get(one.capture_id) not in memory.decided]
