"""Keeps the rows of `duplicates` equal to the current versions, at a cost that follows what changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection

from warehouse.columns import schema
from warehouse.crew import Spread, chunks, together
from warehouse.duplicates.compare import compare
from warehouse.duplicates.near import asked, neighbours, pairs, remember
from warehouse.duplicates.profile import Profile, profile
from warehouse.duplicates.signature import bands
from warehouse.duplicates.translation import DAYS, Anchored, anchors, days_near, translations
from warehouse.memory import Relieve, retain
from warehouse.tables import (
    arrow,
    column,
    execute_on,
    fetch_of,
    insert,
    insert_table,
    packed,
    parcels,
    showing,
    unpacked,
)

WINDOW: Final = 1_000
"""Days whose translations are looked for at a time: all years' anchors together would fill memory."""
BATCH: Final = 4_096
HANDFUL: Final = 50
"""So many rows DuckDB finds by their numbers; for one more it unpacks all bodies between first and last."""
FEW: Final = 300
"""From here on that is the cheaper way."""
ROWS_AT_ONCE: Final = 64
PAIRS: Final = 24_000
PAIRS_AT_ONCE: Final = 8_000
"""So many in one message to a process. Neighbours by date stand together: the more, the fewer texts twice."""

_SIGNED: Final = schema(
    {
        "release_id": pa.string(),
        "published_on": pa.date32(),
        "lang": pa.string(),
        "url": pa.string(),
        "bands": pa.list_(pa.uint64()),
        "anchors": pa.list_(pa.string()),
        "link_urls": pa.list_(pa.string()),
    }
)
_DUPLICATES: Final = schema(
    {"release_id": pa.string(), "other_id": pa.string(), "kind": pa.string(), "similarity": pa.float64()}
)
_COLUMNS = """release_id, published_on, lang, url, title, lead, body, links, corrections, countries,
    event_starts_on, event_ends_on"""
# By row number: found by their ids alone, bodies would be unpacked for all that stand around the few.
_CURRENT = f"""SELECT {_COLUMNS} FROM release_versions WHERE rowid IN (
    SELECT rowid FROM release_versions WHERE valid_to IS NULL AND release_id IN (FROM asked))"""  # noqa: S608 - columns of ours


def update(
    con: DuckDBPyConnection,
    release_ids: Sequence[str],
    spread: Spread = map,
    relieve: Relieve = retain,
) -> None:
    """Bring `duplicates` up to date after these releases changed, came or went.

    Reads the current versions from `release_versions`; keeps `duplicate_signatures`.
    """
    ids = sorted(set(release_ids))
    if not ids:
        return
    days = _days(con, ids)
    remember(con, ids)
    with asked(con, ids):
        con.execute("DELETE FROM duplicate_signatures WHERE release_id IN (FROM ids_now)")
    others = con.execute("SELECT release_id FROM duplicate_signatures LIMIT 1").fetchone()
    _sign(con, ids, spread, relieve)
    # In a rebuild all are of these: whoever is near one of them is.
    touched = set(ids) | (neighbours(con, ids, relieve) if others else set())
    _compare(con, sorted(touched), spread, relieve)
    con.execute("DROP TABLE former")
    _translate(con, ids, days | _days(con, ids), spread)


def _current(con: DuckDBPyConnection, ids: Sequence[str]) -> pa.Table:
    """Rows of the current versions: a few where they stand, many by reading on from one to the next."""
    at_once = HANDFUL if len(ids) <= FEW else len(ids)
    found = []
    for some in chunks(ids, at_once):
        with showing(con, asked=column("release_id", some)):
            found.append(arrow(con.execute(_CURRENT)))
    return pa.concat_tables(found)


def _sign(con: DuckDBPyConnection, ids: Sequence[str], spread: Spread, relieve: Relieve) -> None:
    # Read on demand, so that DuckDB reads and writes while others sign.
    texts = (part for some in chunks(ids, BATCH) for part in parcels(_current(con, some), ROWS_AT_ONCE))
    in_order = "INSERT INTO duplicate_signatures SELECT * FROM incoming ORDER BY published_on, release_id"
    for signed in together(spread(_signed, texts), -(-BATCH // ROWS_AT_ONCE)):
        rows = pa.concat_tables(signed)
        execute_on(con, in_order, rows)
        relieve(rows.num_rows)


def _signed(rows: bytes) -> pa.Table:
    return pa.Table.from_pylist([_signature(row) for row in unpacked(rows)], _SIGNED)


def _signature(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("release_id", "published_on", "lang", "url")},
        "bands": bands(profile(row).shingles),
        "anchors": anchors(row),
        "link_urls": sorted({link["url"] for link in row["links"] or ()}),
    }


def _compare(con: DuckDBPyConnection, ids: Sequence[str], spread: Spread, relieve: Relieve) -> None:
    """Write copies and siblings anew among these releases; pairs with any other release stay as they are."""
    with asked(con, ids):
        con.execute("""DELETE FROM duplicates WHERE kind IN ('copy', 'sibling')
            AND release_id IN (FROM ids_now) AND other_id IN (FROM ids_now)""")
    texts = (part for some in pairs(con, ids, relieve, PAIRS) for part in _with_texts(con, some))
    for alike in together(spread(_alike, texts), PAIRS // PAIRS_AT_ONCE):
        rows = pa.concat_tables(alike)
        insert_table(con, "duplicates", rows)
        relieve(rows.num_rows)


def _with_texts(con: DuckDBPyConnection, several: pa.Table) -> Iterator[tuple[bytes, bytes]]:
    """Pairs, some at a time, with the rows of the releases they name."""
    texts = _current(con, _named(several))
    for start in range(0, several.num_rows, PAIRS_AT_ONCE):
        some = several.slice(start, PAIRS_AT_ONCE)
        places = pc.index_in(pa.array(_named(some)), value_set=texts["release_id"].combine_chunks())
        yield packed(some), packed(texts.take(places))


def _named(several: pa.Table) -> list[str]:
    """The releases that pairs name, each once."""
    both: Any = pa.chunked_array([*several["release_id"].chunks, *several["other_id"].chunks])
    named: list[str] = pc.unique(both).to_pylist()
    return named


def _alike(asked: tuple[bytes, bytes]) -> pa.Table:
    pairs, rows = map(unpacked, asked)
    profiles: dict[str, Profile] = {row["release_id"]: profile(row) for row in rows}
    found = ((pair, compare(profiles[pair["other_id"]], profiles[pair["release_id"]])) for pair in pairs)
    alike = [{**pair, "kind": like.kind, "similarity": like.similarity} for pair, like in found if like]
    return pa.Table.from_pylist(alike, _DUPLICATES)


def _days(con: DuckDBPyConnection, ids: Sequence[str]) -> set[date]:
    """Dates under which these releases are signed now."""
    days = "SELECT DISTINCT published_on FROM duplicate_signatures WHERE release_id IN (FROM asked)"
    return {row["published_on"] for row in fetch_of(con, days, "release_id", ids)}


def _translate(con: DuckDBPyConnection, ids: Sequence[str], days: Iterable[date], spread: Spread) -> None:
    """Write translations anew for all whose best partner may have changed with these releases."""
    changing = days_near(days, DAYS)
    flagged = pa.table({"day": pa.array(changing, pa.date32())})
    with asked(con, ids), showing(con, days_now=flagged):
        con.execute("""CREATE OR REPLACE TEMP TABLE changing AS
            SELECT release_id FROM duplicate_signatures WHERE published_on IN (FROM days_now)
            UNION FROM ids_now""")
    con.execute("""DELETE FROM duplicates WHERE kind = 'translation'
        AND (release_id IN (FROM changing) OR other_id IN (FROM changing))""")
    con.execute("DROP TABLE changing")
    windows = ((some, _anchored(con, some)) for some in chunks(changing, WINDOW))
    # A pair whose days lie in two windows is found in both.
    best = {
        (later, earlier): value for found in spread(_translated, windows) for later, earlier, value in found
    }
    rows = [
        {"release_id": later, "other_id": earlier, "kind": "translation", "similarity": value}
        for (later, earlier), value in sorted(best.items())
    ]
    insert(con, "duplicates", rows, _DUPLICATES)


def _anchored(con: DuckDBPyConnection, days: Iterable[date]) -> bytes:
    """The signatures of these days, and of all around them that a translation may be found among."""
    read = pa.array(days_near(days, 2 * DAYS), pa.date32())
    with showing(con, days_now=pa.table({"day": read})):
        near = con.execute("""
            SELECT release_id, published_on, lang, url, anchors, link_urls
            FROM duplicate_signatures WHERE published_on IN (FROM days_now) ORDER BY release_id
        """)
        return packed(arrow(near))


def _translated(window: tuple[Sequence[date], bytes]) -> list[tuple[str, str, float]]:
    """Pairs of which at least one is of these days, the later one first."""
    days, signed = frozenset(window[0]), unpacked(window[1])
    releases = [
        Anchored(
            **{name: row[name] for name in ("release_id", "published_on", "lang", "url")},
            anchors=frozenset(row["anchors"]),
            links=frozenset(row["link_urls"]),
        )
        for row in signed
    ]
    touched = frozenset(one.release_id for one in releases if one.published_on in days)
    found = []
    for one, other, value in translations(releases, touched):
        earlier, later = sorted((one, other), key=lambda r: (r.published_on, r.release_id))
        found.append((later.release_id, earlier.release_id, value))
    return found
