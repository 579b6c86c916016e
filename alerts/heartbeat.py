"""Silence explained: once a day, what was looked at and what was found, even if that is nothing."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import duckdb

from alerts.letters import is_written, letter_id, note
from alerts.messages.views import day, words
from alerts.rules import Rules
from extractors.site import JAPAN

_RUNS: Final = """
SELECT r.started_at, r.kind, r.status, r.listed, r.archived, r.created, r.changed, r.finished_at,
       (SELECT count(*) FROM release_versions v JOIN captures c USING (capture_id)
         WHERE c.run_id = r.run_id AND v.change = 'created' AND v.jcm_role = 'subject') AS jcm
FROM runs r WHERE r.started_at > ? AND r.started_at <= ? AND r.kind <> 'import' ORDER BY r.started_at
"""


def heartbeat(
    archive: duckdb.DuckDBPyConnection, state: sqlite3.Connection, rules: Rules, now: datetime
) -> bool:
    """Write today's heartbeat if its hour has struck and it is not written; whether it was."""
    channel = rules.options.heartbeat
    local = now.astimezone(JAPAN)
    due = datetime.combine(local.date(), rules.options.heartbeat_at, JAPAN)
    if channel is None or local < due:
        return False
    key = letter_id(channel, "heartbeat", due.date().isoformat())
    # The runs of a day are looked up once, not at each delivery until midnight: their ledger is long.
    if is_written(state, key):
        return False
    content = _content(archive, due, rules.options.lang)
    return note(state, channel, key, content, lang=rules.options.lang, at=now)


def _content(archive: duckdb.DuckDBPyConnection, due: datetime, lang: str) -> dict[str, Any]:
    frame = words(lang)
    cursor = archive.execute(_RUNS, [due - timedelta(days=1), due])
    names = [column[0] for column in cursor.description]
    runs = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    lines = [_line(run, frame) for run in runs] or [frame["no_run"]]
    return {"subject": frame["heartbeat"].format(day=day(due.date(), lang)), "lines": lines}


def _line(run: Mapping[str, Any], frame: Mapping[str, Any]) -> str:
    ended = run["finished_at"]
    seconds = f"{(ended - run['started_at']).total_seconds():.0f}" if ended else "?"
    return str(frame["looked"]).format(
        at=run["started_at"].astimezone(JAPAN).strftime("%m-%d %H:%M"),
        kind=run["kind"],
        status=run["status"],
        listed=run["listed"],
        archived=run["archived"],
        created=run["created"],
        changed=run["changed"],
        jcm=run["jcm"],
        seconds=seconds,
    )
