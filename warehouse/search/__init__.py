"""Search: every release whose texts hold the words asked for, best first.

Texts are kept folded (`folding`), line by line. The index (`index`) holds for each *run* of kanji, katakana,
Latin letters and digits the documents it occurs in. A word without hiragana or punctuation lies inside one
run wherever it occurs, so scanning the runs (some hundred thousand) finds exactly the documents that
contain it, and no text is read. Other words and phrases take their candidates from the runs they touch and
are verified in the texts, down the ranking. `query` is the language, `snippets` the highlighted pieces.

`search_releases('…')` in SQL (the last migration that makes it) and `engine` give the same. The statement
costs 40 ms before it looks at anything and little more in a large archive, with the help of `grams`; in a
small one `engine` is done before that.

Ranking: by the terms that stand in the title, rare ones (by number of titles) before common ones; among
alternatives (OR) then rare before common in the texts; then the newest first.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.search.engine import Engine
from warehouse.search.index import merge, update
from warehouse.search.query import Query, parse
from warehouse.search.snippets import Segment, highlight, snippet
from warehouse.search.spans import over
from warehouse.stores.dialect import is_lake
from warehouse.tables import one_state

__all__ = ["Hit", "Query", "Segment", "highlight", "merge", "parse", "search", "snippet", "update"]

LARGE: Final = 100_000
"""Documents from which on the statement is faster than several small ones."""
_SHOWN: Final = "s.release_id, s.version, s.published_on, s.lang, s.title, s.url"


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that was found; the last two are segments `("hit" | "plain", text)`, not escaped."""

    release_id: str
    version: int
    published_on: date
    lang: str
    title: str
    url: str
    title_parts: tuple[Segment, ...]
    snippet: tuple[Segment, ...]


def search(con: DuckDBPyConnection, typed: str, limit: int = 20, *, skip: int = 0) -> tuple[Hit, ...]:
    """The releases a query finds, best first, from place `skip` on, at most `limit`.

    `Usage` for a date that is none. An empty query finds nothing. No transaction may be open on `con`.
    """
    query = parse(typed)
    if not query or limit < 1:
        return ()
    with one_state(con):
        lake = is_lake(con)
        if query.has_choice or _is_large(con):
            found = _by_macro(con, typed, skip + limit)[skip:]
        else:
            docs = Engine(con, query, skip + limit, lake=lake).documents()[skip:]
            found = _documents(con, docs, lake=lake)
        return _hits(con, found, query, lake=lake)


def _is_large(con: DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT count(*) >= ? FROM search_documents", [LARGE]).fetchall()[0][0])


def _by_macro(con: DuckDBPyConnection, typed: str, most: int) -> list[tuple[Any, ...]]:
    # As a parameter `most` would have DuckDB sort all that is found instead of keeping the first few.
    found = f"search_releases(?, most := {most:d})"
    return con.execute(
        f"SELECT d.doc, {_SHOWN} FROM {found} s JOIN search_documents d USING (release_id) "  # noqa: S608 - ours
        "ORDER BY s.title_score DESC, s.text_score DESC, s.published_on DESC, release_id",
        [typed],
    ).fetchall()


def _documents(con: DuckDBPyConnection, docs: list[int], *, lake: bool) -> list[tuple[Any, ...]]:
    sql = over(f"SELECT doc, {_SHOWN} FROM search_documents s", docs, lake=lake)  # noqa: S608 - names of ours
    by_doc = {row[0]: row for row in con.execute(sql).fetchall()}
    return [by_doc[doc] for doc in docs]


def _hits(
    con: DuckDBPyConnection, found: list[tuple[Any, ...]], query: Query, *, lake: bool
) -> tuple[Hit, ...]:
    terms = [term.text for term in query.terms]
    lines = _best_lines(con, [doc for doc, *_ in found], terms, lake=lake)
    return tuple(
        Hit(*shown, highlight(shown[4], terms), snippet(lines.get(doc, ""), terms))  # type: ignore[call-arg]
        for doc, *shown in found
    )


def _best_lines(con: DuckDBPyConnection, docs: list[int], terms: list[str], *, lake: bool) -> dict[int, str]:
    """For each document the line of its text that holds most of the terms: the earliest of equals."""
    held = (
        " + ".join(f"CAST(contains(text, ${place}) AS INTEGER)" for place in range(1, len(terms) + 1)) or "0"
    )
    best = f"arg_max(coalesce(shown, text), ({held}) * 10000000000 - rowid) FILTER (NOT in_title)"
    select = f"SELECT doc, {best} FROM search_texts"  # noqa: S608 - texts are bound
    sql = over(select, docs, group="GROUP BY doc", lake=lake)
    rows = con.execute(sql, terms).fetchall()
    return {doc: line for doc, line in rows if line}
