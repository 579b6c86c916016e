"""Letters: what goes to one channel as one message. Alerts become letters here, each alert once per channel.

A letter's id is the idempotency key of its message. It is made of what the letter is about, and what the
letter carries is fixed before its first attempt: so a deliverer that was killed after sending repeats the
same message.

instant    one version of a release, whatever number of rules it matched
digest     everything of a day for a channel, at the hour of the options, in Asia/Tokyo
note       a text of our own: heartbeat, operator, test

A translation is added to the letter of the original if that has not been tried yet, or goes out as a reply to
it where the channel has threads; elsewhere it is settled without a message. That is also what becomes of a
second rule's alert about a version the channel has had already.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from alerts import ledger
from alerts.outbox import Alert
from alerts.rules import ChannelSpec, Rules
from extractors.site import JAPAN
from warehouse.state import instant

THREADED: Final = frozenset({"mail", "webhook"})
"""Kinds of channel whose messages can refer to an earlier one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one channel.

    `letter_id` is its key, `alerts` what it tells of, `content` a note's own text.
    """

    letter_id: str
    channel: str
    kind: str
    lang: str
    made_at: datetime
    attempts: int
    reply_to: str | None
    content: Mapping[str, Any]
    alerts: tuple[tuple[Alert, str, str], ...]
    next_try_at: datetime | None = None


def letter_id(channel: str, *about: str) -> str:
    """The key of a message: channel and what it is about."""
    return hashlib.sha256("\0".join((channel, *about)).encode()).hexdigest()[:32]


def is_written(state: sqlite3.Connection, key: str) -> bool:
    """Whether there is a letter with that key."""
    return state.execute("SELECT 1 FROM letters WHERE letter_id = ?", [key]).fetchone() is not None


def compose(state: sqlite3.Connection, rules: Rules, now: datetime) -> int:
    """Make letters of everything that waits, in one transaction, so that two deliverers make each once.

    How many are new.
    """
    with ledger.writing(state):
        before = _count(state)
        muted = _muted(state, now)
        for channel in rules.channels:
            _Composer(state, channel, rules, now, muted).compose()
        return _count(state) - before


def _count(state: sqlite3.Connection) -> int:
    return int(state.execute("SELECT count(*) FROM letters").fetchone()[0])


def _muted(state: sqlite3.Connection, now: datetime) -> frozenset[str]:
    found = state.execute("SELECT subject FROM mutes WHERE until IS NULL OR until > ?", [instant(now)])
    return frozenset(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class _Composer:
    """Composing for one channel, inside the transaction of `compose`."""

    state: sqlite3.Connection
    channel: ChannelSpec
    rules: Rules
    now: datetime
    muted: frozenset[str]

    def compose(self) -> None:
        waiting = self._waiting()
        heard = {f"channel:{self.channel.name}"} & self.muted
        loud = [one for one in waiting if not heard and not self._subjects(one) & self.muted]
        for one in waiting:
            if one not in loud:
                self._settle(one, None, "muted")
        instants = {(one.release_id, one.capture_id) for one in loud if one.delivery == "instant"}
        for one in loud:
            if (one.release_id, one.capture_id) in instants:
                self._instant(one)
        self._digest([one for one in loud if (one.release_id, one.capture_id) not in instants])

    def _waiting(self) -> list[Alert]:
        found = self.state.execute(
            """
            SELECT * FROM outbox o WHERE held IS NULL
              AND EXISTS (SELECT 1 FROM json_each(o.channels) WHERE value = :channel)
              AND NOT EXISTS (
                SELECT 1 FROM letter_parts p WHERE p.alert_id = o.alert_id AND p.channel = :channel)
            ORDER BY seq
            """,
            {"channel": self.channel.name},
        )
        return [ledger.alert_of(row) for row in found]

    @staticmethod
    def _subjects(alert: Alert) -> set[str]:
        return {f"rule:{alert.rule}", f"release:{alert.release_id}", f"alert:{alert.alert_id}"}

    def _instant(self, alert: Alert) -> None:
        same = self._letter_about(alert)
        root = self._letter_of(alert.thread_id) if alert.thread_id and alert.change == "created" else None
        if same is not None or root is not None:
            self._add(alert, same or root, threaded=same is None and self.channel.kind in THREADED)
            return
        self._open(letter_id(self.channel.name, alert.release_id, alert.capture_id), alert)

    def _add(self, alert: Alert, letter: sqlite3.Row | None, *, threaded: bool) -> None:
        """Into a letter that was not tried yet, behind one as a reply, or nowhere: the reader had it."""
        if letter is None or letter["claimed_at"] is None:
            self._part(alert, letter["letter_id"] if letter else None)
        elif threaded:
            key = letter_id(self.channel.name, alert.release_id, alert.capture_id)
            self._open(key, alert, reply_to=letter["letter_id"])
        else:
            self._settle(alert, letter["letter_id"], "joined")

    def _letter_about(self, alert: Alert) -> sqlite3.Row | None:
        """The letter to this channel that tells of the same version, for another rule."""
        row: sqlite3.Row | None = self.state.execute(
            """
            SELECT l.* FROM letters l JOIN letter_parts p USING (letter_id) JOIN outbox o USING (alert_id)
            WHERE l.channel = ? AND o.release_id = ? AND o.capture_id = ? LIMIT 1
            """,
            [self.channel.name, alert.release_id, alert.capture_id],
        ).fetchone()
        return row

    def _letter_of(self, alert_id: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.state.execute(
            "SELECT l.* FROM letters l JOIN letter_parts p USING (letter_id) "
            "WHERE p.alert_id = ? AND p.channel = ?",
            [alert_id, self.channel.name],
        ).fetchone()
        return row

    def _open(self, key: str, alert: Alert, *, kind: str = "instant", reply_to: str | None = None) -> None:
        self.state.execute(
            "INSERT OR IGNORE INTO letters (letter_id, channel, kind, lang, reply_to, made_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [key, self.channel.name, kind, alert.lang, reply_to, instant(self.now)],
        )
        self._part(alert, key)

    def _part(self, alert: Alert, letter: str | None, why: str | None = None) -> None:
        self.state.execute(
            "INSERT OR IGNORE INTO letter_parts VALUES (?, ?, ?, ?)",
            [alert.alert_id, self.channel.name, letter, why],
        )

    def _settle(self, alert: Alert, letter: str | None, why: str) -> None:
        """No message: the channel is done with this alert, and the ledger says why."""
        self._part(alert, letter, why)
        self.state.execute(
            "INSERT OR IGNORE INTO deliveries VALUES (?, ?, 1, ?, ?, NULL, ?, NULL)",
            [alert.alert_id, self.channel.name, instant(self.now), why, letter],
        )

    def _digest(self, alerts: Sequence[Alert]) -> None:
        """One letter a day, of what was raised before its hour; what comes later waits for tomorrow's."""
        due = last_hour(self.now, self.rules)
        key = letter_id(self.channel.name, "digest", due.date().isoformat())
        ready = [one for one in alerts if one.raised_at < due]
        if not ready or is_written(self.state, key):
            return
        for one in ready:
            if (same := self._letter_about(one)) is not None and same["letter_id"] != key:
                self._settle(one, same["letter_id"], "joined")
            else:
                self._open(key, one, kind="digest")


def last_hour(now: datetime, rules: Rules) -> datetime:
    """The hour of the digest that was last struck, in Tokyo."""
    local = now.astimezone(JAPAN)
    struck = datetime.combine(local.date(), rules.options.digest_at, JAPAN)
    return struck if struck <= local else struck - timedelta(days=1)


def note(  # noqa: PLR0913 - a letter has that many parts
    state: sqlite3.Connection, channel: str, key: str, content: Mapping[str, Any], *, lang: str, at: datetime
) -> bool:
    """Put a text of our own among the letters of a channel.

    False if a letter with that key is there already.
    """
    done = state.execute(
        "INSERT OR IGNORE INTO letters (letter_id, channel, kind, lang, content, made_at) "
        "VALUES (?, ?, 'note', ?, ?, ?)",
        [key, channel, lang, json.dumps(content, ensure_ascii=False), instant(at)],
    )
    return done.rowcount == 1


def read_letter(state: sqlite3.Connection, row: sqlite3.Row) -> Letter:
    """A letter with all it carries."""
    parts = state.execute(
        "SELECT o.* FROM letter_parts p JOIN outbox o USING (alert_id) "
        "WHERE p.letter_id = ? AND p.channel = ? AND p.why IS NULL ORDER BY o.seq",
        [row["letter_id"], row["channel"]],
    ).fetchall()
    return Letter(
        letter_id=row["letter_id"],
        channel=row["channel"],
        kind=row["kind"],
        lang=row["lang"],
        made_at=ledger.moment(row["made_at"]),
        attempts=row["attempts"],
        reply_to=row["reply_to"],
        content=json.loads(row["content"] or "{}"),
        alerts=tuple((ledger.alert_of(part), part["title"], part["url"]) for part in parts),
        next_try_at=ledger.moment(row["next_try_at"]) if row["next_try_at"] else None,
    )
