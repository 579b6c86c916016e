"""What alerts remember in `state.sqlite`: the outbox as far as it is known, letters, attempts, claims, mutes.

outbox        rows of the archive's `alerts`, copied before anything is sent ("mirrored")
decided       files of the raw archive whose alerts are in `outbox`
letters       one message to one channel, in order; frozen before its first attempt
letter_parts  which alerts a letter carries, or why an alert goes to a channel without one
leases        who is delivering to a channel just now
told          what the operator heard

`deliveries` (every attempt) and `mutes` lie in the same file and belong to `warehouse.state`, which shows the
first in the archive.

The one invariant all else rests on: **nothing is sent before the ledger holds its row and the file that
caused it.** So when the archive is lost, what the ledger holds is carried over and not decided again (never
doubled), and what it does not hold was never sent and is decided again, with the same ids (never lost).
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from alerts.outbox import Alert
from warehouse.state import instant, open_state

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, alert_id TEXT UNIQUE NOT NULL, rule TEXT NOT NULL,
    release_id TEXT NOT NULL, capture_id TEXT NOT NULL, change TEXT NOT NULL, run_id TEXT,
    raised_at TEXT NOT NULL, channels TEXT NOT NULL, delivery TEXT NOT NULL, lang TEXT NOT NULL,
    thread_id TEXT, held TEXT, title TEXT NOT NULL, url TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS decided (warc_file TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS letters (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, letter_id TEXT UNIQUE NOT NULL, channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL, reply_to TEXT, content TEXT, made_at TEXT NOT NULL, claimed_at TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT, outcome TEXT NOT NULL DEFAULT 'waiting'
);
CREATE INDEX IF NOT EXISTS letters_waiting ON letters (channel, seq) WHERE outcome = 'waiting';
CREATE TABLE IF NOT EXISTS letter_parts (
    alert_id TEXT NOT NULL, channel TEXT NOT NULL, letter_id TEXT, why TEXT, PRIMARY KEY (alert_id, channel)
);
CREATE INDEX IF NOT EXISTS parts_of_letter ON letter_parts (letter_id);
CREATE TABLE IF NOT EXISTS leases (channel TEXT PRIMARY KEY, holder TEXT NOT NULL, until TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS told (topic TEXT PRIMARY KEY, level INTEGER NOT NULL, told_at TEXT NOT NULL);
"""

_LANDMARKS: Final = 2
_PATIENCE: Final = 30.0
"""Seconds to wait for another process that writes; its transactions are milliseconds long."""


def moment(text: str) -> datetime:
    """The moment that a time of the file stands for."""
    return datetime.fromisoformat(text)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to `state.sqlite`, made if it is not there.

    Each statement stands alone outside `writing`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not exists(path):
        _prepare(path)
    con = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    con.row_factory = sqlite3.Row
    try:
        # A receipt that a power cut takes back is a message sent twice.
        con.execute("PRAGMA synchronous = FULL")
        yield con
    finally:
        con.close()


def _prepare(path: Path) -> None:
    with open_state(path) as con:
        for statement in _SCHEMA.split(";\n"):
            con.execute(statement)


@contextmanager
def writing(con: sqlite3.Connection) -> Iterator[None]:
    """One transaction that takes the write lock at its start, so that what it read cannot change under it."""
    con.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def exists(path: Path) -> bool:
    """Whether the file is there and has the tables of alerts; other rooms may have made it for theirs."""
    if not path.is_file():
        return False
    with closing(looked_into(path)) as con:
        row = con.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('outbox', 'told')").fetchone()
    return int(row[0]) == _LANDMARKS


def looked_into(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, also where nothing may be written, as on a share."""
    place = path.resolve().as_uri()
    con = sqlite3.connect(f"{place}?mode=ro", timeout=_PATIENCE, uri=True)
    try:
        con.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        con.close()
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            raise
        # Even to read, SQLite makes a file beside it, unless it is told that nobody writes just now.
        con = sqlite3.connect(f"{place}?immutable=1", timeout=_PATIENCE, uri=True)
    con.row_factory = sqlite3.Row
    return con


def keep(con: sqlite3.Connection, alerts: Iterable[tuple[Alert, str, str]]) -> None:
    """Copy rows of the outbox, each with title and address, in the order given; rows that are there stay."""
    con.executemany(
        "INSERT OR IGNORE INTO outbox (alert_id, rule, release_id, capture_id, change, run_id, raised_at, "
        "channels, delivery, lang, thread_id, held, title, url) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.alert_id, one.rule, one.release_id, one.capture_id, one.change, one.run_id,
                instant(one.raised_at), json.dumps(one.channels, ensure_ascii=False), one.delivery, one.lang,
                one.thread_id, one.held, title, url,
            )
            for one, title, url in alerts
        ],
    )  # fmt: skip


def kept(con: sqlite3.Connection, *, but: Iterable[str] = ()) -> list[Alert]:
    """The rows of the outbox that the ledger holds, in order, but those with these ids."""
    without = set(but)
    return [
        alert_of(row)
        for row in con.execute("SELECT * FROM outbox ORDER BY seq")
        if row["alert_id"] not in without
    ]


def alert_of(row: sqlite3.Row) -> Alert:
    """A row of the ledger's outbox as an alert."""
    return Alert(
        alert_id=row["alert_id"],
        rule=row["rule"],
        release_id=row["release_id"],
        capture_id=row["capture_id"],
        change=row["change"],
        run_id=row["run_id"],
        raised_at=moment(row["raised_at"]),
        channels=tuple(json.loads(row["channels"])),
        delivery=row["delivery"],
        lang=row["lang"],
        thread_id=row["thread_id"],
        held=row["held"],
    )


def decided(con: sqlite3.Connection) -> frozenset[str]:
    """Names of the files of the raw archive whose alerts the ledger holds."""
    return frozenset(row[0] for row in con.execute("SELECT warc_file FROM decided"))
