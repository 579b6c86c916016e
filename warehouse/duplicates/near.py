"""Which releases stand near which: those that are worth comparing, found by the bands that they share.

In each band the releases of a language stand in order of date, and near are a few before and after. A release
goes by its number in that order while this lasts: of millions of places, numbers take a tenth of the memory
that ids and dates would.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse import memory
from warehouse.memory import Relieve
from warehouse.tables import arrow, column, one, showing

NEIGHBOURS: Final = 3
"""In each band a release is compared with so many before and after it, by date."""
SHARED_BANDS: Final = 2
AT_ONCE: Final = 1 << 19
"""So many bands at a time: those of 30,000 releases, some 30 MB."""

_SIGNED: Final = """SELECT release_id, published_on, lang, unnest(bands) AS band FROM duplicate_signatures
    WHERE release_id IN (FROM ids_now)"""
_FORMER: Final = f"CREATE OR REPLACE TEMP TABLE former AS {_SIGNED}"
_EMPTY: Final = """
    CREATE OR REPLACE TEMP TABLE members (band UBIGINT, place BIGINT);
    CREATE OR REPLACE TEMP TABLE near (number INTEGER, other INTEGER, bands BIGINT)
"""
_COUNT: Final = """
    SELECT (SELECT coalesce(sum(len(bands)), 0) FROM duplicate_signatures WHERE release_id IN (FROM ids_now))
        + (SELECT count(*) FROM former)
"""
_PART: Final = "band % CAST($parts AS UBIGINT) = $part"
_MEMBERS: Final = f"""
    INSERT INTO members
    SELECT band, place FROM (SELECT unnest(bands) AS band, rowid AS place FROM duplicate_signatures)
    SEMI JOIN (FROM ({_SIGNED} UNION ALL FROM former) WHERE {_PART}) w USING (band) WHERE {_PART}
"""  # noqa: S608 - a query of ours
# A release that came to another date is here twice: where it stood, and where it stands.
_NUMBERED: Final = """
    CREATE OR REPLACE TEMP TABLE numbered AS
    SELECT CAST(row_number() OVER (ORDER BY published_on, release_id) AS INTEGER) AS number, release_id,
        CAST(dense_rank() OVER (ORDER BY lang) AS UTINYINT) AS lang, place,
        release_id IN (FROM ids_now) AS asked
    FROM (
        SELECT release_id, published_on, lang, rowid AS place FROM duplicate_signatures
        WHERE rowid IN (SELECT place FROM members)
        UNION ALL SELECT release_id, published_on, lang, -row_number() OVER () AS place
        FROM (SELECT DISTINCT release_id, published_on, lang FROM former)
    )
"""
_GONE: Final = """
    INSERT INTO members SELECT band, place FROM former JOIN numbered USING (release_id) WHERE place < 0
"""
_NOW: Final = "place >= 0"
_BEFORE: Final = "place < 0 OR NOT asked"
_BACK: Final = ", ".join(f"lag(number, {step}) OVER band" for step in range(1, NEIGHBOURS + 1))
# Looking back from each place costs a fourth of joining all places with all.
_NEAR: Final = f"""
    INSERT INTO near SELECT number, other, count(*) FROM (
        SELECT number, unnest([{_BACK}]) AS other FROM members JOIN numbered USING (place)
        WHERE ({{standing}}) AND {_PART} WINDOW band AS (PARTITION BY band, lang ORDER BY number)
    ) WHERE other IS NOT NULL GROUP BY number, other
"""  # noqa: S608 - numbers of ours
_NEIGHBOURS: Final = """
    SELECT unnest([n.release_id, o.release_id])
    FROM near JOIN numbered n USING (number) JOIN numbered o ON o.number = other WHERE n.asked OR o.asked
"""
_PAIRED: Final = f"""
    CREATE OR REPLACE TEMP TABLE paired AS
    SELECT row_number() OVER (ORDER BY number, other) AS position, number, other
    FROM (SELECT number, other FROM near GROUP BY number, other HAVING sum(bands) >= {SHARED_BANDS})
    JOIN numbered n USING (number) JOIN numbered o ON o.number = other
    WHERE n.asked AND o.asked ORDER BY position
"""  # noqa: S608 - a number of ours
_NAMED: Final = """
    SELECT n.release_id, o.release_id AS other_id
    FROM paired p JOIN numbered n USING (number) JOIN numbered o ON o.number = p.other
    WHERE position BETWEEN $first AND $last ORDER BY position
"""


def asked(con: DuckDBPyConnection, ids: Iterable[str]) -> AbstractContextManager[None]:
    """Show these ids as the table `ids_now`."""
    return showing(con, ids_now=column("release_id", ids))


def remember(con: DuckDBPyConnection, ids: Iterable[str]) -> None:
    """Keep the bands of these releases in the table `former`: they will be signed anew, or are gone."""
    with asked(con, ids):
        con.execute(_FORMER)


def neighbours(con: DuckDBPyConnection, ids: Sequence[str], relieve: Relieve) -> set[str]:
    """Releases whose pairs may change when these do: those near them in a band, before (`former`) or now."""
    parts = _gather(con, ids)
    relieve(len(ids))
    for standing in (_NOW, _BEFORE):
        _look(con, standing, parts, len(ids))
    found = {release for (release,) in con.execute(_NEIGHBOURS).fetchall()}
    relieve(len(ids))
    return found


def pairs(con: DuckDBPyConnection, ids: Sequence[str], relieve: Relieve, at_once: int) -> Iterator[pa.Table]:
    """Pairs of these releases that share enough bands, the later one (`release_id`) with the earlier.

    So many come at once, in order of date.
    """
    parts = _gather(con, ids)
    relieve(len(ids))
    _look(con, _NOW, parts, len(ids))
    con.execute("DROP TABLE members")
    con.execute(_PAIRED)
    con.execute("DROP TABLE near")
    relieve(len(ids))
    for first in range(1, one(con, "SELECT count(*) FROM paired") + 1, at_once):
        yield arrow(con.execute(_NAMED, {"first": first, "last": first + at_once - 1}))
    con.execute("DROP TABLE paired; DROP TABLE numbered")


def _gather(con: DuckDBPyConnection, ids: Sequence[str]) -> int:
    """Number all that share a band with these releases, in the tables `numbered` and `members`.

    Gives the number of parts in which bands are looked through, so that each takes the same memory.
    """
    # Nothing is written out before all is numbered: rows get other places then.
    with asked(con, ids):
        con.execute(_EMPTY)
        parts = 1 + int(one(con, _COUNT)) // AT_ONCE
        for part in range(parts):
            con.execute(_MEMBERS, {"parts": parts, "part": part})
            memory.relieve(con, len(ids))
        for statement in (_NUMBERED, _GONE):
            con.execute(statement)
            memory.relieve(con, len(ids))
    return parts


def _look(con: DuckDBPyConnection, standing: str, parts: int, count: int) -> None:
    """Add to the table `near` who stands near whom among those that are standing."""
    for part in range(parts):
        con.execute(_NEAR.format(standing=standing), {"parts": parts, "part": part})
        memory.relieve(con, count)
