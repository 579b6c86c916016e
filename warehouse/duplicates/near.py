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

from warehouse.memory import Relieve
from warehouse.tables import arrow, column, one, showing

NEIGHBOURS: Final = 3
"""In each band a release is compared with so many before and after it, by date."""
SHARED_BANDS: Final = 2

_SIGNED: Final = """SELECT release_id, published_on, lang, unnest(bands) AS band FROM duplicate_signatures
    WHERE release_id IN (FROM ids_now)"""
_FORMER: Final = f"CREATE OR REPLACE TEMP TABLE former AS {_SIGNED}"
_FOUND: Final = f"""
    CREATE OR REPLACE TEMP TABLE found AS
    SELECT band, place FROM (SELECT unnest(bands) AS band, rowid AS place FROM duplicate_signatures)
    SEMI JOIN ({_SIGNED} UNION ALL FROM former) w USING (band)
"""  # noqa: S608 - a query of ours
# A release that came to another date is here twice: where it stood, and where it stands.
_NUMBERED: Final = """
    CREATE OR REPLACE TEMP TABLE numbered AS
    SELECT CAST(row_number() OVER (ORDER BY published_on, release_id) AS INTEGER) AS number, release_id, lang,
        place, place IS NULL AS gone, release_id IN (FROM ids_now) AS asked
    FROM (
        SELECT release_id, published_on, lang, rowid AS place FROM duplicate_signatures
        WHERE rowid IN (SELECT place FROM found)
        UNION ALL SELECT DISTINCT release_id, published_on, lang, NULL FROM former
    )
"""
_MEMBERS: Final = """
    CREATE OR REPLACE TEMP TABLE members AS
    SELECT band, number FROM found JOIN numbered USING (place)
    UNION ALL
    SELECT band, number FROM former JOIN numbered USING (release_id) WHERE gone;
    DROP TABLE found
"""
_BACK: Final = ", ".join(f"lag(number, {step}) OVER band" for step in range(1, NEIGHBOURS + 1))
# Looking back from each place costs a fourth of joining all places with all.
_NEAR: Final = f"""
    WITH near AS (
        SELECT number, unnest([{_BACK}]) AS other
        FROM members JOIN numbered USING (number)
        WHERE {{standing}} WINDOW band AS (PARTITION BY band, lang ORDER BY number)
    ),
    often AS (SELECT number, other FROM near GROUP BY number, other HAVING count(*) >= {{shared}}),
    pairs AS (
        SELECT number, other, n.asked, o.asked AS other_asked
        FROM often JOIN numbered n USING (number) JOIN numbered o ON o.number = other
    )
"""  # noqa: S608 - numbers of ours
_NOW: Final = "NOT gone"
_BEFORE: Final = "gone OR NOT asked"
_NEIGHBOURS: Final = (
    _NEAR  # noqa: S608 - as above
    + """SELECT release_id FROM numbered WHERE number IN (
        SELECT unnest([number, other]) FROM pairs WHERE asked OR other_asked)"""
)
_PAIRED: Final = (
    "CREATE OR REPLACE TEMP TABLE paired AS"  # noqa: S608 - as above
    + _NEAR.format(standing=_NOW, shared=SHARED_BANDS)
    + """SELECT row_number() OVER (ORDER BY number, other) AS position, number, other FROM pairs
    WHERE asked AND other_asked ORDER BY position"""
)
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
    _gather(con, ids, relieve)
    near: set[str] = set()
    for standing in (_NOW, _BEFORE):
        rows = con.execute(_NEIGHBOURS.format(standing=standing, shared=1)).fetchall()
        near.update(row[0] for row in rows)
        relieve(len(ids))
    return near


def pairs(con: DuckDBPyConnection, ids: Sequence[str], relieve: Relieve, at_once: int) -> Iterator[pa.Table]:
    """Pairs of these releases that share enough bands, the later one (`release_id`) with the earlier.

    So many come at once, in order of date.
    """
    _gather(con, ids, relieve)
    con.execute(_PAIRED)
    con.execute("DROP TABLE members")
    relieve(len(ids))
    for first in range(1, one(con, "SELECT count(*) FROM paired") + 1, at_once):
        yield arrow(con.execute(_NAMED, {"first": first, "last": first + at_once - 1}))
    con.execute("DROP TABLE paired; DROP TABLE numbered")


def _gather(con: DuckDBPyConnection, ids: Sequence[str], relieve: Relieve) -> None:
    """Number all that share a band with these releases, in the tables `numbered` and `members`."""
    with asked(con, ids):
        for statement in (_FOUND, _NUMBERED, _MEMBERS):
            con.execute(statement)
    relieve(len(ids))
