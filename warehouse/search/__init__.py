"""Search: every release whose texts hold the words asked for, best first.

Texts are kept folded (`folding`), line by line. The index (`index`) holds for each *run* of kanji, katakana,
Latin letters and digits the documents it occurs in. A word without hiragana or punctuation lies inside one
run wherever it occurs, so scanning the runs (some hundred thousand) finds exactly the documents that
contain it, and no text is read. Other words and phrases take their candidates from the runs they touch and
are verified in the texts, down the ranking. `query` is the language, `snippets` the highlighted pieces.

What the archive held at a past moment is asked for by `past`. What a slip of the pen may have meant is said
by `hints`.

`search_releases('…')` in SQL (the last migration that makes it) and `engine` give the same. The statement
costs 40 ms before it looks at anything and little more in a large archive, with the help of `grams`; in a
small one `engine` is done before that.

Ranking: by the terms that stand in the title, rare ones (by number of titles) before common ones; among
alternatives (OR) then rare before common in the texts, as far as the index tells; then the newest first.
"""

from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.search.engine import Engine
from warehouse.search.hints import Hint, hints
from warehouse.search.hits import SHOWN, Hit, hits_of
from warehouse.search.index import merge, update
from warehouse.search.past import search_at, years_at
from warehouse.search.query import Query, parse, written_out
from warehouse.search.snippets import Segment, highlight, snippet
from warehouse.search.spans import over
from warehouse.stores.dialect import is_lake
from warehouse.tables import one_state

__all__ = [
    "Hint",
    "Hit",
    "Query",
    "Segment",
    "highlight",
    "hints",
    "merge",
    "parse",
    "search",
    "search_at",
    "snippet",
    "update",
    "written_out",
    "years_at",
]

LARGE: Final = 100_000
"""Documents from which on the statement is faster than several small ones."""


def search(con: DuckDBPyConnection, typed: str, limit: int = 20, *, skip: int = 0) -> tuple[Hit, ...]:
    """The releases a query finds, best first, from place `skip` on, at most `limit`.

    `Usage` for a date that is none. An empty query finds nothing. No transaction may be open on `con`.
    """
    query = parse(typed)
    if not query or limit < 1:
        return ()
    with one_state(con):
        lake = is_lake(con)
        # The statement ranks spellings as it ranks alternatives: the rare calendar before the newest release.
        if query.has_choice or (not query.has_spellings and _is_large(con)):
            found = _by_macro(con, written_out(typed), skip + limit)[skip:]
        else:
            docs = Engine(con, query, skip + limit, lake=lake).documents()[skip:]
            found = _documents(con, docs, lake=lake)
        return hits_of(con, found, query, lake=lake)


def _is_large(con: DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT count(*) >= ? FROM search_documents", [LARGE]).fetchall()[0][0])


def _by_macro(con: DuckDBPyConnection, typed: str, most: int) -> list[tuple[Any, ...]]:
    # As a parameter `most` would have DuckDB sort all that is found instead of keeping the first few.
    found = f"search_releases(?, most := {most:d})"
    return con.execute(
        f"SELECT d.doc, {SHOWN} FROM {found} s JOIN search_documents d USING (release_id) "  # noqa: S608 - ours
        "ORDER BY s.title_score DESC, s.text_score DESC, s.published_on DESC, release_id",
        [typed],
    ).fetchall()


def _documents(con: DuckDBPyConnection, docs: list[int], *, lake: bool) -> list[tuple[Any, ...]]:
    sql = over(f"SELECT doc, {SHOWN} FROM search_documents s", docs, lake=lake)  # noqa: S608 - names of ours
    by_doc = {row[0]: row for row in con.execute(sql).fetchall()}
    return [by_doc[doc] for doc in docs]
