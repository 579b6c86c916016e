"""From the published archive to the ledger, before anything is sent (the invariant of `alerts.ledger`)."""

import sqlite3

import duckdb

from alerts import ledger
from alerts.outbox import rows
from warehouse.state import instant
from warehouse.tables import column, showing

_ORDERED = """
SELECT a.alert_id, coalesce(v.title, ''), coalesce(v.url, '')
FROM alerts a SEMI JOIN asked USING (alert_id)
LEFT JOIN captures c USING (capture_id)
LEFT JOIN release_versions v ON v.release_id = c.release_id AND v.version = c.version
ORDER BY a.raised_at, a.thread_id IS NOT NULL, v.valid_from, a.release_id, a.rule
"""


def mirror(archive: duckdb.DuckDBPyConnection, state: sqlite3.Connection) -> int:
    """Copy the rows of the outbox that the ledger lacks, and note the files they came from; how many rows."""
    with ledger.writing(state):
        have = {row[0] for row in state.execute("SELECT alert_id FROM outbox")}
        found = {one.alert_id: one for one in rows(archive, but=have)}
        if found:
            with showing(archive, asked=column("alert_id", found)):
                named = archive.execute(_ORDERED).fetchall()
            ledger.keep(state, [(found[key], title, url) for key, title, url in named])
            _settle_delivered(archive, state, set(found))
        files = archive.execute("SELECT name FROM warc_files").fetchall()
        state.executemany("INSERT OR IGNORE INTO decided VALUES (?)", files)
    return len(found)


def _settle_delivered(archive: duckdb.DuckDBPyConnection, state: sqlite3.Connection, new: set[str]) -> None:
    """What the archive shows as delivered and a lost ledger no longer knows is not sent again."""
    done = archive.execute(
        "SELECT alert_id, channel, attempt, attempted_at, outcome, detail, message_id FROM deliveries "
        "WHERE outcome = 'delivered'"
    ).fetchall()
    known = [row for row in done if row[0] in new]
    state.executemany(
        "INSERT OR IGNORE INTO letter_parts VALUES (?, ?, NULL, 'delivered')",
        [(row[0], row[1]) for row in known],
    )
    state.executemany(
        "INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        [(*row[:3], instant(row[3]), *row[4:]) for row in known],
    )
