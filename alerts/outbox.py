"""The outbox: the table `alerts` of the archive, visible together with the versions that fill it."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final

import duckdb
import pyarrow as pa

from warehouse.columns import schema, table
from warehouse.crew import chunks
from warehouse.tables import column, execute_on, showing


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


_BATCH: Final = 2_000
_COLUMNS: Final = tuple(one.name for one in fields(Alert))
_TYPES: Final = {"raised_at": pa.timestamp("us", "UTC"), "channels": pa.list_(pa.string())}
_ROWS: Final = schema({name: _TYPES.get(name, pa.string()) for name in _COLUMNS})
_ASKED: Final = f"""
SELECT {", ".join(_COLUMNS)} FROM alerts SEMI JOIN asked USING (alert_id) ORDER BY raised_at, alert_id
"""  # noqa: S608 - names of ours
_WRITE: Final = "INSERT INTO alerts BY NAME SELECT * FROM incoming ANTI JOIN alerts USING (alert_id)"


def write(con: duckdb.DuckDBPyConnection, alerts: Sequence[Alert]) -> None:
    """Put rows into the outbox that are not there yet."""
    for some in chunks(alerts, _BATCH):
        execute_on(con, _WRITE, table([asdict(one) for one in some], _ROWS))


def rows(con: duckdb.DuckDBPyConnection, *, but: Collection[str] = ()) -> list[Alert]:
    """The rows of an outbox but those with these ids, in the order they were raised."""
    ids = {str(row[0]) for row in con.execute("SELECT alert_id FROM alerts").fetchall()}
    if not (new := sorted(ids.difference(but))):
        return []
    with showing(con, asked=column("alert_id", new)):
        found = con.execute(_ASKED).fetchall()
    return [
        Alert(**{**dict(zip(_COLUMNS, row, strict=True)), "channels": tuple(row[7] or ())}) for row in found
    ]
