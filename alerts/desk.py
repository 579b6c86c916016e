"""What a person does by hand: look through the outbox, send one again, mute, send a test."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from alerts import ledger
from alerts.letters import letter_id, note
from alerts.messages.views import words
from alerts.rules import Rules
from extractors.errors import Usage
from warehouse.state import instant

_SHORTEST: Final = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert of the outbox, and how it stands on one channel."""

    alert_id: str
    rule: str
    change: str
    release_id: str
    title: str
    raised_at: str
    channel: str | None
    outcome: str
    attempts: int
    next_try_at: str | None
    detail: str | None


_LIST: Final = """
SELECT o.alert_id, o.rule, o.change, o.release_id, o.title, o.raised_at, c.value AS channel,
       CASE WHEN o.held IS NOT NULL THEN 'held: ' || o.held
            WHEN p.alert_id IS NULL THEN 'to be sent'
            ELSE coalesce(p.why, l.outcome) END AS outcome,
       coalesce(l.attempts, 0) AS attempts, l.next_try_at,
       (SELECT d.detail FROM deliveries d WHERE d.alert_id = o.alert_id AND d.channel = c.value
         ORDER BY d.attempt DESC LIMIT 1) AS detail
FROM outbox o LEFT JOIN json_each(o.channels) c
LEFT JOIN letter_parts p ON p.alert_id = o.alert_id AND p.channel = c.value
LEFT JOIN letters l ON l.letter_id = p.letter_id
ORDER BY o.seq DESC, c.value
"""


def listing(state: Path, *, wanted: Callable[[Entry], bool], limit: int) -> list[Entry]:
    """Alerts on their channels, newest first, as far as `wanted`."""
    if not ledger.exists(state):
        return []
    with closing(ledger.looked_into(state)) as con:
        found = (Entry(**dict(row)) for row in con.execute(_LIST))
        return [one for _, one in zip(range(limit), filter(wanted, found), strict=False)]


def retry(state: Path, given: str) -> int:
    """Send once more what failed, was given up or was held; how many messages or alerts that are.

    `given` is the id of an alert, of a message, or of a release, or the beginning of one of the first two.
    `Usage` if there is none, or nothing of it needs sending.
    """
    with ledger.opened(state) as con, ledger.writing(con):
        known = _known(con, given)
        if not known:
            raise Usage(f"no alert, message or release {given!r}; `moej alerts list` shows the ids")
        count = _again(con, known) + _release(con, known)
    if not count:
        raise Usage(
            f"nothing of {given!r} waits, failed or was held; `moej alerts list` shows what became of it"
        )
    return count


def _known(con: sqlite3.Connection, given: str) -> set[str]:
    """The alerts and letters that are meant."""
    like = f"{given}%" if len(given) >= _SHORTEST and given.isalnum() else given
    alerts = con.execute(
        "SELECT alert_id FROM outbox WHERE alert_id LIKE ? OR release_id = ?", [like, given]
    ).fetchall()
    letters = con.execute("SELECT letter_id FROM letters WHERE letter_id LIKE ?", [like]).fetchall()
    return {row[0] for row in (*alerts, *letters)}


def _again(con: sqlite3.Connection, known: set[str]) -> int:
    count = 0
    for one in known:
        count += con.execute(
            """
            UPDATE letters SET outcome = 'waiting', attempts = 0, next_try_at = NULL
            WHERE (outcome = 'dead' OR (outcome = 'waiting' AND next_try_at IS NOT NULL))
              AND (letter_id = ?1 OR letter_id IN (SELECT letter_id FROM letter_parts WHERE alert_id = ?1))
            """,
            [one],
        ).rowcount
    return count


def _release(con: sqlite3.Connection, known: set[str]) -> int:
    """Alerts that were held go out after all, and so do those that a mute kept back."""
    count = 0
    for one in known:
        count += con.execute(
            "UPDATE outbox SET held = NULL WHERE alert_id = ? AND held IS NOT NULL", [one]
        ).rowcount
        count += con.execute("DELETE FROM letter_parts WHERE alert_id = ? AND why = 'muted'", [one]).rowcount
    return count


def mute(
    state: Path, subject: str, *, now: datetime, lasting: timedelta | None, reason: str | None = None
) -> None:
    """Keep back what is raised about a subject: `rule:NAME`, `channel:NAME`, `release:ID` or `alert:ID`."""
    kind, _, name = subject.partition(":")
    if kind not in {"rule", "channel", "release", "alert"} or not name:
        raise Usage(f"{subject!r} cannot be muted; expected rule:NAME, channel:NAME, release:ID or alert:ID")
    until = instant(now + lasting) if lasting is not None else None
    with ledger.opened(state) as con:
        con.execute(
            "INSERT OR REPLACE INTO mutes VALUES (?, ?, ?, ?)", [subject, until, reason, instant(now)]
        )


def unmute(state: Path, subject: str) -> bool:
    """Hear of it again; False if it was not muted. What was kept back meanwhile stays back."""
    with ledger.opened(state) as con:
        return con.execute("DELETE FROM mutes WHERE subject = ?", [subject]).rowcount > 0


def send_test(
    state: Path, rules: Rules, name: str, *, now: datetime, new_id: Callable[[], str]
) -> tuple[str, ...]:
    """Put one message marked as a test into the line of each channel of a rule; the channels."""
    rule = rules.rule(name)
    if not rule.channels:
        raise Usage(f"rule {name!r} has no channel; name some in moej.toml, [channels.…]")
    frame = words(rule.lang)
    content = {
        "subject": frame["test_subject"].format(rule=name),
        "lines": [frame["test"], f"where {rule.where}"],
    }
    mark = new_id()
    with ledger.opened(state) as con:
        for channel in rule.channels:
            note(con, channel, letter_id(channel, "test", mark), content, lang=rule.lang, at=now)
    return rule.channels
