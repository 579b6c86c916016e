"""The PostgreSQL that keeps a lake's catalogue, as far as we ask it ourselves: what is published, who loads.

A password may stand in the connection string, so nothing here shows that string: no message, no log, no
traceback.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from extractors.errors import Stop, Unreachable, Usage

if TYPE_CHECKING:
    from psycopg import Connection

WANTED: Final = "install moej with what a lake needs: pip install 'moej[lake]'"

_THERE: Final = "SELECT to_regclass(quote_ident(%s) || '.ducklake_table') IS NOT NULL"
_SAID: Final = """
SELECT (SELECT value FROM {0}.ducklake_metadata WHERE key = 'data_path' AND scope IS NULL),
       (SELECT max(snapshot_id) FROM {0}.ducklake_snapshot
        HAVING EXISTS (SELECT FROM {0}.ducklake_table
                       WHERE table_name = 'migrations' AND end_snapshot IS NULL))
"""
_DUTIES: Final = """
CREATE TABLE IF NOT EXISTS {0}.moej_duties (
    duty TEXT PRIMARY KEY, machine TEXT NOT NULL, host TEXT NOT NULL, since TIMESTAMPTZ NOT NULL DEFAULT now()
)
"""
_TAKE: Final = """
INSERT INTO {0}.moej_duties (duty, machine, host) VALUES (%(duty)s, %(machine)s, %(host)s)
ON CONFLICT (duty) DO UPDATE SET machine = excluded.machine, host = excluded.host, since = now()
WHERE %(take_over)s
"""
_LOCK: Final = "SELECT pg_advisory_lock(hashtext('moej load'), hashtext(%s))"
_TRY: Final = "SELECT pg_try_advisory_lock(hashtext('moej load'), hashtext(%s))"
_HOLDER: Final = """
SELECT a.application_name, a.backend_start
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid::bigint = hashtext('moej load')::bigint & 4294967295
  AND l.objid::bigint = hashtext(%s)::bigint & 4294967295
"""


def psycopg() -> Any:
    """The library, imported when a lake is first asked for; `Stop` says how to get it."""
    try:
        import psycopg as library
        import psycopg.conninfo
    except ImportError as error:
        raise Stop(f"a lake needs psycopg; {WANTED}") from error
    return library


def parameters(conninfo: str) -> dict[str, str]:
    """The parameters of a libpq connection string or URI; `Usage` if it is none, without quoting it."""
    library = psycopg()
    try:
        known = library.conninfo.conninfo_to_dict(conninfo)
    except library.Error:
        known = None
    if not known:
        raise Usage(
            "MOEJ_WAREHOUSE: what follows ducklake:postgres: is no connection string of PostgreSQL; "
            "expected dbname=moej host=db.example.org, or postgresql://db.example.org/moej"
        )
    return {key: str(value) for key, value in known.items()}


def without_password(conninfo: str) -> str:
    """The same connection string without its password."""
    known = parameters(conninfo)
    known.pop("password", None)
    return str(psycopg().conninfo.make_conninfo(**known))


@contextmanager
def connected(conninfo: str, *, what: str) -> "Iterator[Connection]":
    """A connection that commits each statement; `Stop` in one line if the server cannot be reached."""
    library = psycopg()
    try:
        db = library.connect(conninfo, autocommit=True, application_name=own_name())
    except library.Error as error:
        # libpq names host, user and database, never the password.
        raise Unreachable(f"cannot reach {what}: {' '.join(str(error).split())}") from None
    try:
        yield db
    finally:
        db.close()


@dataclass(frozen=True, slots=True)
class Said:
    """What a catalogue says: where its files lie (None where none is made), and the newest state.

    `published` is None before the first load.
    """

    data: str | None = None
    published: int | None = None


def said(db: "Connection", schema: str) -> Said:
    """What the catalogue in this schema says, in one look."""
    from psycopg import sql

    there = db.execute(_THERE, [schema]).fetchone()
    if there is None or not there[0]:
        return Said()
    row = db.execute(sql.SQL(_SAID).format(sql.Identifier(schema))).fetchone()
    return Said() if row is None else Said(*row)


@dataclass(frozen=True, slots=True)
class Duty:
    """The machine that has a duty, by the name of its memory and of itself, and since when."""

    machine: str
    host: str
    since: datetime


def claim(db: "Connection", schema: str, duty: str, machine: str, *, take_over: bool) -> Duty:
    """Take a duty that no machine has, or from whoever has it with `take_over`; who has it then."""
    from psycopg import sql
    from psycopg.rows import class_row

    there = sql.Identifier(schema)
    asked = {"duty": duty, "machine": machine, "host": socket.gethostname(), "take_over": take_over}
    with db.transaction(), db.cursor(row_factory=class_row(Duty)) as cursor:
        # Two that make the table at once would fail, one of them.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('moej duty'), hashtext(%s))", [schema])
        cursor.execute(sql.SQL(_DUTIES).format(there))
        cursor.execute(sql.SQL(_TAKE).format(there), asked)
        holder = "SELECT machine, host, since FROM {0}.moej_duties WHERE duty = %(duty)s"
        found = cursor.execute(sql.SQL(holder).format(there), asked).fetchall()
    return found[0]


@contextmanager
def loading(
    conninfo: str, schema: str, *, what: str, wait: float, on_wait: Callable[[str], None] | None
) -> "Iterator[Callable[[], None]]":
    """Be the only one, on all machines, who loads into a lake; yields a check that this is still so.

    The lock belongs to a connection: whoever is killed lets go of it at once. While another has it, `on_wait`
    is told once who; `Stop` names the holder after `wait` seconds.
    """
    with connected(conninfo, what=what) as db:
        if not _got(db, schema):
            if on_wait is not None:
                on_wait(f"{_holder(db, schema)}; waiting at most {wait:g} s")
            _wait(db, schema, what=what, wait=wait)

        def check() -> None:
            library = psycopg()
            try:
                db.execute("SELECT 1")
            except library.Error as error:
                raise Stop(
                    f"the connection that holds the lock of {what} broke, so another load may have begun: "
                    f"nothing of this one was kept; load again ({' '.join(str(error).split())})"
                ) from None

        yield check


def _got(db: "Connection", schema: str) -> bool:
    row = db.execute(_TRY, [schema]).fetchone()
    return row is not None and bool(row[0])


def _wait(db: "Connection", schema: str, *, what: str, wait: float) -> None:
    library = psycopg()
    # Zero would mean for ever.
    db.execute("SELECT set_config('lock_timeout', %s, false)", [f"{max(1, round(wait * 1000))}ms"])
    try:
        db.execute(_LOCK, [schema])
    except library.errors.LockNotAvailable:
        busy = f"{what} is busy: {_holder(db, schema)}; waited {wait:g} s; try again when it is done"
        raise Stop(busy) from None


def own_name() -> str:
    """How this process is called in the server's list of connections."""
    return f"moej process {os.getpid()} on {socket.gethostname()}"[:63]


def _holder(db: "Connection", schema: str) -> str:
    row = db.execute(_HOLDER, [schema]).fetchone()
    if row is None:
        return "another process holds the lock"
    return f"{row[0] or 'another process'} holds it since {row[1].isoformat(timespec='seconds')}"
