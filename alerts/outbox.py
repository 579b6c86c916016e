"""The outbox: the table `alerts` of the archive, visible together with the versions that fill it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb


@dataclass(frozen=True, slots=True)
class Alert:
    """One row of the outbox; `held` says why it is not sent, None if it is."""

    alert_id: str
    rule: str
    release_id: str
    capture_id: str
    change: str
    run_id: str | None
    raised_at: datetime
    channels: tuple[str, ...]
    delivery: str
    lang: str
    thread_id: str | None = None
    held: str | None = None


def alert_id(rule: str, release_id: str, capture_id: str) -> str:
    """The event: rule, release and the version's first capture; the same on every machine, for ever."""
    return hashlib.sha256(f"{rule}\0{release_id}\0{capture_id}".encode()).hexdigest()[:32]


_COLUMNS: Final = (
    "alert_id", "rule", "release_id", "capture_id", "change", "run_id", "raised_at", "channels", "delivery",
    "lang", "thread_id", "held",
)  # fmt: skip


def write(con: duckdb.DuckDBPyConnection, alerts: Sequence[Alert]) -> None:
    """Put rows into the outbox that are not there yet."""
    if not alerts:
        return
    columns = [[getattr(one, name) for one in alerts] for name in _COLUMNS if name != "channels"]
    # One list of words a column: a list of lists of unequal length cannot be a parameter of its own type.
    columns.insert(_COLUMNS.index("channels"), ["\n".join(one.channels) for one in alerts])
    picked = ", ".join(
        f"unnest(${at}::{'TIMESTAMPTZ' if name == 'raised_at' else 'VARCHAR'}[]) AS {name}"
        for at, name in enumerate(_COLUMNS, start=1)
    )
    con.execute(
        f"""
        INSERT INTO alerts BY NAME
        SELECT * REPLACE (
            CASE WHEN channels = '' THEN [] ELSE string_split(channels, chr(10)) END AS channels)
        FROM (SELECT {picked}) ANTI JOIN alerts USING (alert_id)
        """,  # noqa: S608 - column names of ours
        columns,
    )


def rows(con: duckdb.DuckDBPyConnection, *, but: Collection[str] = ()) -> list[Alert]:
    """The rows of an outbox but those with these ids, in the order they were raised."""
    ids = {str(row[0]) for row in con.execute("SELECT alert_id FROM alerts").fetchall()}
    if not (new := sorted(ids.difference(but))):
        return []
    found = con.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM alerts WHERE alert_id IN (SELECT unnest(?)) "  # noqa: S608 - names of ours
        "ORDER BY raised_at, alert_id",
        [new],
    ).fetchall()
    return [
        Alert(**{**dict(zip(_COLUMNS, row, strict=True)), "channels": tuple(row[7] or ())}) for row in found
    ]
