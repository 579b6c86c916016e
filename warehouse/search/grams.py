"""The documents of what many words contain, made beforehand.

環境 stands in twenty thousand words of a large archive; putting their documents together costs a query
100 ms, and most of what is asked for is of that kind. So for each gram (one to three characters) that words
with many occurrences contain, all documents are kept as bits, 64 to a row. A piece of a query that occurs as
often as a gram it contains stands in the same words: the gram's documents are its documents, exactly. That
holds only while the sums are those of `search_words`, so whatever adds to the words adds here.
"""

from typing import Final

from duckdb import DuckDBPyConnection

from warehouse import memory
from warehouse.memory import Relieve, retain
from warehouse.tables import one

FREQUENT: Final = 30_000
"""Occurrences from which on a gram is kept: fewer are put together from the words in some milliseconds."""
PORTION: Final = 64
"""Grams put together at a time: all of a large archive's would take gigabytes, 300 some 40 MiB more."""
GATHER_FROM: Final = 1_000_000
"""Occurrences of all words below which no query is slow."""

_CUT: Final = """unnest(list_distinct(flatten([
    [substr(word, CAST(i AS BIGINT), n) FOR i IN range(1, length(word) - n + 2)] FOR n IN [1, 2, 3]
])))"""
_BIT: Final = "CAST(1 AS UBIGINT) << CAST(doc & 63 AS UBIGINT)"

_FREQUENT: Final = f"""
INSERT INTO search_frequent
SELECT gram, sum(occurrences) AS total FROM (SELECT {_CUT} AS gram, occurrences FROM search_words)
WHERE gram <> ' ' GROUP BY gram HAVING total >= $frequent ORDER BY gram
"""  # noqa: S608 - constants of ours
_HOLDING: Final = f"""
CREATE OR REPLACE TEMP TABLE numbered_now AS
SELECT CAST(row_number() OVER (ORDER BY gram) AS INTEGER) AS number, gram FROM search_frequent;
CREATE OR REPLACE TEMP TABLE holding_now AS
SELECT number, place FROM (SELECT {_CUT} AS gram, rowid AS place FROM search_words)
JOIN numbered_now USING (gram)
"""  # noqa: S608 - constants of ours
_PORTION: Final = f"""
INSERT INTO search_grams
SELECT gram, chunk, mask FROM (
    SELECT number, doc >> 6 AS chunk, bit_or({_BIT}) AS mask FROM (
        SELECT number, unnest(docs) AS doc FROM (SELECT rowid AS place, docs FROM search_words)
        JOIN holding_now USING (place) WHERE number BETWEEN $first AND $last
    ) GROUP BY number, chunk
) JOIN numbered_now USING (number) ORDER BY gram, chunk
"""  # noqa: S608 - constants of ours
_ADD: Final = f"""
CREATE OR REPLACE TEMP TABLE grams_now AS
SELECT gram, doc >> 6 AS chunk, bit_or({_BIT}) AS mask, count(*) AS occurrences
FROM (
    SELECT gram, unnest(docs) AS doc
    FROM (SELECT {_CUT} AS gram, docs FROM words_now) SEMI JOIN search_frequent USING (gram)
) GROUP BY gram, chunk;
INSERT INTO search_grams SELECT gram, chunk, mask FROM grams_now ORDER BY gram, chunk;
UPDATE search_frequent f SET occurrences = f.occurrences + n.total
FROM (SELECT gram, sum(occurrences) AS total FROM grams_now GROUP BY gram) n WHERE n.gram = f.gram;
DROP TABLE grams_now
"""  # noqa: S608 - constants of ours


def add(con: DuckDBPyConnection) -> None:
    """Add the rows of the temporary table `words_now`, which go into `search_words`."""
    if con.execute("SELECT count(*) > 0 FROM search_frequent").fetchall()[0][0]:
        con.execute(_ADD)


def due(con: DuckDBPyConnection) -> bool:
    """Whether the words have doubled since grams were last looked for, or nobody ever looked."""
    now, gathered = con.execute(
        "SELECT (SELECT coalesce(sum(occurrences), 0) FROM search_words), gathered FROM search_state"
    ).fetchall()[0]
    return bool(now >= GATHER_FROM and now > 2 * gathered)


def gather(con: DuckDBPyConnection, relieve: Relieve = retain, *, frequent: int = FREQUENT) -> None:
    """Look through all words for the grams with so many occurrences, and keep their documents."""
    forget(con)
    con.execute(_FREQUENT, {"frequent": frequent})
    relieve(GATHER_FROM)
    # Nothing is written out from here on: rows get other places then.
    con.execute(_HOLDING)
    for first in range(1, one(con, "SELECT count(*) FROM numbered_now") + 1, PORTION):
        con.execute(_PORTION, {"first": first, "last": first + PORTION - 1})
        memory.relieve(con, GATHER_FROM)
    con.execute("DROP TABLE holding_now; DROP TABLE numbered_now")
    con.execute("UPDATE search_state SET gathered = (SELECT coalesce(sum(occurrences), 0) FROM search_words)")


def forget(con: DuckDBPyConnection) -> None:
    """Keep nothing: queries go by the words alone and find the same."""
    con.execute("DELETE FROM search_frequent; DELETE FROM search_grams")
