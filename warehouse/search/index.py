"""Keeps the search index equal to the current versions, release by release.

A load replaces the lines of the releases it touched and appends their words; nothing else is read. Numbers of
documents are never given twice, so a word row that still names a document that is gone finds nothing. When as
much has been appended as there was, or many documents are gone, the word rows are merged: seldom, so its cost
per release stays the same however large the archive is. `grams` keeps what it has in step with the words.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.columns import schema
from warehouse.crew import Spread, chunks, together
from warehouse.memory import Relieve, retain
from warehouse.search import grams
from warehouse.search.folding import WORD, fold_line, fold_lines, folding
from warehouse.tables import arrow, column, execute_on, insert_table, parcels, showing, unpacked

BATCH: Final = 2_048
"""Releases read at a time: some 12 MB of text."""
WEIGHT: Final = 2
"""What the lines and words of a release take of memory, beside a row of it elsewhere."""
AT_ONCE: Final = 64
"""Of them so many go to a process at a time."""
MERGE_FROM: Final = 200_000
"""Appended word rows below this are not worth a merge: scanning them costs a query a few milliseconds."""

# By row number: found by their ids alone, bodies would be unpacked for all that stand around the few.
_CURRENT = """
    SELECT r.release_id, r.version, r.published_on, r.lang, r.url, r.title, r.lead, r.body, r.facts,
        r.contacts, r.attachments, r.categories, r.countries, r.jcm_countries, r.jcm_kind, t.texts
    FROM release_versions r
    LEFT JOIN (SELECT release_id, list("text" ORDER BY url, "text") AS texts FROM attachment_texts
               WHERE release_id IN (FROM ids_now) GROUP BY release_id) t ON t.release_id = r.release_id
    WHERE r.rowid IN (
        SELECT rowid FROM release_versions WHERE valid_to IS NULL AND release_id IN (FROM ids_now)
    )
    ORDER BY r.published_on, r.release_id
"""
_LINES: Final = schema({"doc": pa.int32(), "in_title": pa.bool_(), "text": pa.string(), "shown": pa.string()})
_DOCUMENTS: Final = schema(
    {
        "doc": pa.int32(),
        "release_id": pa.string(),
        "version": pa.int32(),
        "published_on": pa.date32(),
        "lang": pa.string(),
        "url": pa.string(),
        "title": pa.string(),
        "folded_title": pa.string(),
        "categories": pa.list_(pa.string()),
        "countries": pa.list_(pa.string()),
        "jcm_kind": pa.string(),
    }
)


def update(
    con: DuckDBPyConnection,
    release_ids: Sequence[str],
    spread: Spread = map,
    relieve: Relieve = retain,
) -> None:
    """Bring the index up to date for these releases: their current versions, or nothing where they are gone.

    Reads `release_versions` and `attachment_texts` through `con`, in the caller's transaction.
    """
    ids = sorted(set(release_ids))
    if _other_unicode(con):
        # Texts folded by another Unicode would not be found by today's queries.
        con.execute("DELETE FROM search_documents; DELETE FROM search_texts; DELETE FROM search_words")
        grams.forget(con)
        ids = [row[0] for row in con.execute("SELECT release_id FROM releases").fetchall()]
    _remove(con, ids)
    first = con.execute("SELECT next_doc FROM search_state").fetchall()[0][0]
    # Read on demand, so that DuckDB reads and writes while others fold.
    for folded in together(spread(_folded, _numbered(con, ids, first)), -(-BATCH // AT_ONCE)):
        documents, lines = (pa.concat_tables(tables) for tables in zip(*folded, strict=True))
        _add(con, documents, lines)
        relieve(WEIGHT * documents.num_rows)
    _merge_if_due(con, relieve)


def _other_unicode(con: DuckDBPyConnection) -> bool:
    """Whether the index was folded by another Unicode; lays the table of folding anew then."""
    state = con.execute("SELECT unicode FROM search_state").fetchone()
    if state is not None and state[0] == unicodedata.unidata_version:
        return False
    con.execute("DELETE FROM search_folding; DELETE FROM search_state")
    table = pa.table({"character": [chr(code) for code in folding()], "folded": list(folding().values())})
    insert_table(con, "search_folding", table)
    con.execute("INSERT INTO search_state VALUES (1, ?, 0, 0, 0)", [unicodedata.unidata_version])
    return state is not None


def _remove(con: DuckDBPyConnection, ids: Sequence[str]) -> None:
    gone = "SELECT doc FROM search_documents WHERE release_id IN (FROM ids_now)"
    with showing(con, ids_now=column("release_id", ids)):
        dead = con.execute(f"SELECT count(*) FROM ({gone})").fetchall()[0][0]  # noqa: S608 - a query of ours
        if dead:
            con.execute(f"DELETE FROM search_texts WHERE doc IN ({gone})")  # noqa: S608 - as above
            con.execute("DELETE FROM search_documents WHERE release_id IN (FROM ids_now)")
            con.execute("UPDATE search_state SET dead = dead + ?", [dead])


def _numbered(con: DuckDBPyConnection, ids: Sequence[str], first: int) -> Iterator[tuple[int, bytes]]:
    """The current versions of these releases, some at a time, with the number of the first of them."""
    for some in chunks(ids, BATCH):
        with showing(con, ids_now=column("release_id", some)):
            rows = arrow(con.execute(_CURRENT))
        yield from zip(range(first, first + rows.num_rows, AT_ONCE), parcels(rows, AT_ONCE), strict=True)
        first += rows.num_rows


def _add(con: DuckDBPyConnection, documents: pa.Table, lines: pa.Table) -> None:
    insert_table(con, "search_documents", documents)
    insert_table(con, "search_texts", lines)
    execute_on(con, _WORDS, lines)
    added = con.execute("INSERT INTO search_words FROM words_now").fetchall()[0][0]
    grams.add(con)
    con.execute("DROP TABLE words_now")
    state = "UPDATE search_state SET next_doc = next_doc + ?, appended = appended + ?"
    con.execute(state, [documents.num_rows, added])


# Cut by DuckDB rather than by Python: it uses every core and is most of the work.
_WORDS = f"""
    CREATE OR REPLACE TEMP TABLE words_now AS
    SELECT ' ' || word || ' ' AS word, in_title, len(docs) AS occurrences, docs FROM (
        SELECT word, in_title, list(doc ORDER BY doc) AS docs FROM (
            SELECT DISTINCT unnest(regexp_extract_all("text", '{WORD}')) AS word, in_title, doc FROM incoming
        ) GROUP BY word, in_title
    ) ORDER BY len(docs) > 100, word, in_title
"""  # noqa: S608 - a pattern of ours, nobody's input


def _folded(some: tuple[int, bytes]) -> tuple[pa.Table, pa.Table]:
    """Documents and lines of some releases."""
    numbered = list(enumerate(unpacked(some[1]), start=some[0]))
    documents = pa.Table.from_pylist([document(*one) for one in numbered], _DOCUMENTS)
    lines = [line for doc, row in numbered for line in lines_of(doc, row)]
    columns = zip(_columns(lines), _LINES.types, strict=True)
    return documents, pa.Table.from_arrays([pa.array(*one) for one in columns], schema=_LINES)


def _columns(lines: Sequence[tuple[int, bool, str, str | None]]) -> list[list[Any]]:
    return [list(column) for column in zip(*lines, strict=True)] if lines else [[], [], [], []]


def document(doc: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """A version as a row of `search_documents`, from the columns of `_CURRENT`."""
    countries = {code.lower() for code in [*(row["countries"] or ()), *(row["jcm_countries"] or ())]}
    same = ("release_id", "version", "published_on", "lang", "url", "title", "jcm_kind")
    return {
        "doc": doc,
        **{name: row[name] for name in same},
        "folded_title": fold_line(row["title"] or ""),
        "categories": [fold_line(category) for category in row["categories"] or ()],
        "countries": sorted(countries),
    }


def lines_of(doc: int, row: Mapping[str, Any]) -> Iterator[tuple[int, bool, str, str | None]]:
    """Title first, then every other line once: body and lead share theirs."""
    seen: set[str] = set()
    for in_title, text in ((True, " ".join((row["title"] or "").split())), (False, _text(row))):
        for shown, line in zip(text.split("\n"), fold_lines(text), strict=True):
            if line and line not in seen:
                seen.add(line)
                yield doc, in_title, line, None if line == shown else shown


def _text(row: Mapping[str, Any]) -> str:
    """All but the title, folded at once: that costs less than line by line."""
    texts = (row["body"], row["lead"], *searchable(row), *(row["texts"] or ()))
    # A form feed or vertical tab would fold to a line break of its own and part the two spellings.
    return "\n".join(line for text in texts if text for line in text.splitlines())


def searchable(row: Mapping[str, Any]) -> Iterable[str]:
    """Facts, contacts and titles of attachments as lines of text."""
    yield from (f"{fact['label']}：{fact['value']}" for fact in row["facts"] or ())
    yield from (attachment["title"] for attachment in row["attachments"] or () if attachment["title"])
    for contact in row["contacts"] or ():
        yield contact["organisation"] or ""
        yield from (f"{phone['label']}：{phone['number']}" for phone in contact["phones"] or ())
        yield from (
            f"{person['role']}：{person['name']}"
            + (f"（内線{person['extension']}）" if person["extension"] else "")
            for person in contact["people"] or ()
        )
        yield from contact["emails"] or ()


def _merge_if_due(con: DuckDBPyConnection, relieve: Relieve) -> None:
    appended, dead, rows, live = con.execute(
        "SELECT appended, dead, (SELECT count(*) FROM search_words), (SELECT count(*) FROM search_documents) "
        "FROM search_state"
    ).fetchall()[0]
    if (appended > MERGE_FROM and appended * 2 > rows) or dead > max(live, BATCH):
        merge(con, relieve)
    elif grams.due(con):
        grams.gather(con, relieve)


def merge(con: DuckDBPyConnection, relieve: Relieve = retain) -> None:
    """Make one row of each word, without documents that are gone; queries find the same before and after."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE merged AS
        SELECT word, in_title, list(doc ORDER BY doc) AS docs FROM (
            SELECT word, in_title, unnest(docs) AS doc FROM search_words
        ) SEMI JOIN search_documents USING (doc) GROUP BY word, in_title
    """)
    con.execute("DELETE FROM search_words")
    # The few words with long lists stand apart, so that a query for a rare one does not read past them.
    con.execute(
        "INSERT INTO search_words SELECT word, in_title, len(docs), docs FROM merged "
        "ORDER BY len(docs) > 100, word, in_title"
    )
    con.execute("DROP TABLE merged")
    con.execute("UPDATE search_state SET appended = 0, dead = 0")
    relieve(MERGE_FROM)
    grams.gather(con, relieve)
