"""Keeps the rows of `duplicates` equal to the current versions, at a cost that follows what changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from itertools import chain
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import schema
from warehouse.crew import Spread, chunks, together
from warehouse.duplicates.compare import compare
from warehouse.duplicates.profile import Profile, profile
from warehouse.duplicates.signature import bands
from warehouse.duplicates.translation import DAYS, Anchored, anchors, days_around, translations
from warehouse.memory import relieve
from warehouse.tables import column, execute_on, fetch_of, insert_table, packed, parcels, showing, unpacked

WINDOW: Final = 1_000
"""Days whose translations are looked for at a time: all years' anchors together would fill memory."""
NEIGHBOURS: Final = 3
"""In each band a release is compared with so many before and after it, by date."""
SHARED_BANDS: Final = 2
BATCH: Final = 4_000
HANDFUL: Final = 50
"""So many rows DuckDB finds by their numbers; for one more it unpacks all bodies between first and last."""
FEW: Final = 300
"""From here on that is the cheaper way."""
ROWS_AT_ONCE: Final = 64
PAIRS: Final = 24_000
PAIRS_AT_ONCE: Final = 8_000
"""So many in one message to a process. Neighbours by date stand together: the more, the fewer texts twice."""

Pair = tuple[str, str]

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
_COLUMNS = """release_id, published_on, lang, url, title, lead, body, links, corrections, countries,
    event_starts_on, event_ends_on"""
# By row number: found by their ids alone, bodies would be unpacked for all that stand around the few.
_CURRENT = f"""SELECT {_COLUMNS} FROM release_versions WHERE rowid IN (
    SELECT rowid FROM release_versions WHERE valid_to IS NULL AND release_id IN (FROM asked))"""  # noqa: S608 - columns of ours
# Likewise a band and a number for each of millions of places cost less than all that is asked of
# the few that are kept.
_MEMBERS = """
    CREATE OR REPLACE TEMP TABLE members AS
    SELECT m.band, s.release_id, s.published_on, s.lang
    FROM (SELECT unnest(bands) AS band, rowid AS place FROM duplicate_signatures) m
    SEMI JOIN ({bands}) w USING (band)
    JOIN duplicate_signatures s ON s.rowid = m.place
"""
_SIGNED_BANDS = """SELECT release_id, published_on, lang, unnest(bands) AS band FROM duplicate_signatures
    WHERE release_id IN (FROM ids_now)"""
_FORMER = f"CREATE OR REPLACE TEMP TABLE former AS {_SIGNED_BANDS}"
_THEN = "FROM members WHERE release_id NOT IN (FROM ids_now) UNION ALL BY NAME FROM former"
# Who stands near whom in a band, in order of date.
_PLACES = """
    WITH places AS (
        SELECT band, release_id, published_on,
            row_number() OVER (PARTITION BY band, lang ORDER BY published_on, release_id) AS place, lang
        FROM ({members})
    ),
    near AS (
        SELECT x.release_id, x.published_on, y.release_id AS other_id, y.published_on AS other_on
        FROM (SELECT *, unnest(range(1, $neighbours + 1)) AS step FROM places) x
        JOIN places y ON y.band = x.band AND y.lang = x.lang AND y.place = x.place - x.step
    )
"""
_NEAR = (
    _PLACES  # noqa: S608 - a constant
    + """SELECT DISTINCT unnest([release_id, other_id]) FROM near
    WHERE release_id IN (FROM ids_now) OR other_id IN (FROM ids_now)"""
)
_PAIRS = (
    _PLACES.format(members="FROM members")  # noqa: S608 - a constant
    + """SELECT release_id, other_id FROM near
    WHERE release_id IN (FROM ids_now) AND other_id IN (FROM ids_now)
    GROUP BY release_id, published_on, other_id HAVING count(*) >= $shared
    ORDER BY published_on, release_id, other_id"""
)


def update(con: DuckDBPyConnection, release_ids: Sequence[str], spread: Spread = map) -> None:
    """Bring `duplicates` up to date after these releases changed, came or went, in the caller's transaction.

    Reads the current versions from `release_versions`; keeps `duplicate_signatures`.
    """
    ids = sorted(set(release_ids))
    if not ids:
        return
    days = _days(con, ids)
    with _asked(con, ids):
        con.execute(_FORMER)
        con.execute("DELETE FROM duplicate_signatures WHERE release_id IN (FROM ids_now)")
    others = con.execute("SELECT release_id FROM duplicate_signatures LIMIT 1").fetchone()
    _sign(con, ids, spread)
    # In a rebuild all are of these: whoever is near one of them is.
    touched = set(ids) | (_neighbours(con, ids) if others else set())
    _compare(con, sorted(touched), spread)
    con.execute("DROP TABLE members; DROP TABLE former")
    _translate(con, ids, days | _days(con, ids), spread)


def _asked(con: DuckDBPyConnection, ids: Iterable[str]) -> AbstractContextManager[None]:
    return showing(con, ids_now=column("release_id", ids))


def _neighbours(con: DuckDBPyConnection, ids: Sequence[str]) -> set[str]:
    """Releases whose pairs may change when these do: those near them in a band, before or now."""
    near: set[str] = set()
    with _asked(con, ids):
        con.execute(_MEMBERS.format(bands=f"{_SIGNED_BANDS} UNION ALL FROM former"))
        relieve(con, len(ids))
        for members in ("FROM members", _THEN):
            rows = con.execute(_NEAR.format(members=members), {"neighbours": NEIGHBOURS}).fetchall()
            near.update(row[0] for row in rows)
            relieve(con, len(ids))
    return near


def _current(con: DuckDBPyConnection, ids: Sequence[str]) -> pa.Table:
    """Rows of the current versions: a few where they stand, many by reading on from one to the next."""
    at_once = HANDFUL if len(ids) <= FEW else len(ids)
    found = []
    for some in chunks(ids, at_once):
        with showing(con, asked=column("release_id", some)):
            found.append(con.execute(_CURRENT).to_arrow_table())
    return pa.concat_tables(found)


def _sign(con: DuckDBPyConnection, ids: Sequence[str], spread: Spread) -> None:
    # Read on demand, so that DuckDB reads and writes while others sign.
    texts = (part for some in chunks(ids, BATCH) for part in parcels(_current(con, some), ROWS_AT_ONCE))
    in_order = "INSERT INTO duplicate_signatures SELECT * FROM incoming ORDER BY published_on, release_id"
    for signed in together(spread(_signed, texts), -(-BATCH // ROWS_AT_ONCE)):
        execute_on(con, in_order, pa.concat_tables(signed))


def _signed(rows: bytes) -> pa.Table:
    return pa.Table.from_pylist([_signature(row) for row in unpacked(rows)], _SIGNED)


def _signature(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("release_id", "published_on", "lang", "url")},
        "bands": bands(profile(row).shingles),
        "anchors": anchors(row),
        "link_urls": sorted({link["url"] for link in row["links"] or ()}),
    }


def _compare(con: DuckDBPyConnection, ids: Sequence[str], spread: Spread) -> None:
    """Write copies and siblings anew among these releases; pairs with any other release stay as they are."""
    with _asked(con, ids):
        con.execute("""DELETE FROM duplicates WHERE kind IN ('copy', 'sibling')
            AND release_id IN (FROM ids_now) AND other_id IN (FROM ids_now)""")
        con.execute(_MEMBERS.format(bands=_SIGNED_BANDS))
        relieve(con, len(ids))
        found = con.execute(_PAIRS, {"neighbours": NEIGHBOURS, "shared": SHARED_BANDS}).to_arrow_table()
    relieve(con, len(ids))
    pairs = (found.slice(start, PAIRS) for start in range(0, found.num_rows, PAIRS))
    asked = (part for several in pairs for part in _with_texts(con, several))
    for alike in together(spread(_alike, asked), PAIRS // PAIRS_AT_ONCE):
        _write(con, list(chain.from_iterable(alike)))


def _with_texts(con: DuckDBPyConnection, pairs: pa.Table) -> Iterator[tuple[Sequence[Pair], bytes]]:
    """Pairs, some at a time, with the rows of the releases they name."""
    several = list(zip(*pairs.to_pydict().values(), strict=True))
    texts = _current(con, sorted({one for pair in several for one in pair}))
    places = {one: place for place, one in enumerate(texts["release_id"].to_pylist())}
    for part in chunks(several, PAIRS_AT_ONCE):
        named = sorted({places[one] for pair in part for one in pair})
        yield part, packed(texts.take(named))


def _alike(asked: tuple[Sequence[Pair], bytes]) -> list[tuple[str, str, str, float]]:
    pairs, rows = asked
    profiles: dict[str, Profile] = {row["release_id"]: profile(row) for row in unpacked(rows)}
    alike = ((later, other, compare(profiles[other], profiles[later])) for later, other in pairs)
    return [(later, other, like.kind, like.similarity) for later, other, like in alike if like]


def _write(con: DuckDBPyConnection, rows: Sequence[tuple[str, str, str, float]]) -> None:
    if not rows:
        return
    names = ["release_id", "other_id", "kind", "similarity"]
    insert_table(con, "duplicates", pa.table(list(zip(*rows, strict=True)), names=names))


def _days(con: DuckDBPyConnection, ids: Sequence[str]) -> set[date]:
    """Dates under which these releases are signed now."""
    days = "SELECT DISTINCT published_on FROM duplicate_signatures WHERE release_id IN (FROM asked)"
    return {row["published_on"] for row in fetch_of(con, days, "release_id", ids)}


def _translate(con: DuckDBPyConnection, ids: Sequence[str], days: Iterable[date], spread: Spread) -> None:
    """Write translations anew for all whose best partner may have changed with these releases."""
    changing = sorted({near for day in days for near in days_around(day, DAYS)})
    flagged = pa.table({"day": pa.array(changing, pa.date32())})
    with _asked(con, ids), showing(con, days_now=flagged):
        con.execute("""CREATE OR REPLACE TEMP TABLE changing AS
            SELECT release_id FROM duplicate_signatures WHERE published_on IN (FROM days_now)
            UNION FROM ids_now""")
    con.execute("""DELETE FROM duplicates WHERE kind = 'translation'
        AND (release_id IN (FROM changing) OR other_id IN (FROM changing))""")
    con.execute("DROP TABLE changing")
    windows = ((some, _anchored(con, some)) for some in chunks(changing, WINDOW))
    # A pair whose days lie in two windows is found in both.
    pairs = {
        (later, earlier): value for found in spread(_translated, windows) for later, earlier, value in found
    }
    _write(con, [(*pair, "translation", value) for pair, value in sorted(pairs.items())])


def _anchored(con: DuckDBPyConnection, days: Iterable[date]) -> bytes:
    """The signatures of these days, and of all around them that a translation may be found among."""
    read = sorted({near for day in days for near in days_around(day, 2 * DAYS)})
    with showing(con, days_now=pa.table({"day": pa.array(read, pa.date32())})):
        near = con.execute("""
            SELECT release_id, published_on, lang, url, anchors, link_urls
            FROM duplicate_signatures WHERE published_on IN (FROM days_now) ORDER BY release_id
        """)
        return packed(near.to_arrow_table())


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
