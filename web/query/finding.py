"""Search: releases that match, best first, with the matches marked, and how many there are in each year."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from warehouse import search as searching
from warehouse.search import Hint, Hit, highlight, parse, search, search_at, snippet, written_out, years_at
from warehouse.tables import one_state
from web.asked import Asked
from web.bounded import TooLong
from web.index import Index, Lookup, index
from web.lines import Lines

_YEARS: Final = """
SELECT year(published_on) AS year, count(*) AS releases FROM search_releases($query)
GROUP BY year ORDER BY year DESC
"""


def hits(asked: Asked, query: str, *, limit: int, skip: int) -> tuple[Hit, ...]:
    """The releases found from place `skip` on."""
    if asked.as_of:
        with asked.desk:
            return search_at(asked.desk.db, query, asked.as_of, limit, skip=skip)
    parsed = parse(query)
    held = index(asked) if Lookup.answers(parsed) else None
    if held is None:
        with asked.desk:
            return search(asked.desk.db, query, limit, skip=skip)
    lake = asked.room.lake is not None
    with asked.desk, one_state(asked.desk.db):
        docs = Lookup(held, asked.desk.db, parsed, skip + limit, lake=lake).documents()[skip:]
    return tuple(_told(asked, held, docs, parsed.marked))


def hints(asked: Asked, query: str, *, found: bool) -> tuple[Hint, ...]:
    """What a field or category that is not there may have meant; nothing after too long."""
    try:
        with asked.desk:
            return searching.hints(asked.desk.db, query, found=found, at=asked.as_of)
    except TooLong:
        return ()


def _told(asked: Asked, held: Index, docs: Sequence[int], terms: Sequence[str]) -> Iterator[Hit]:
    kept = asked.memo.once("lines", lambda: Lines(asked.room.limits.line_bytes))
    lines = kept.best(docs, terms, asked.desk.table)
    for doc, row in zip(docs, held.rows(docs), strict=True):
        yield Hit(
            **row,
            title_parts=highlight(row["title"], terms),
            snippet=snippet(lines.get(doc, ""), terms),
        )


def years(asked: Asked, query: str) -> list[dict[str, Any]] | None:
    """How many releases match in each year, newest first; None after too long."""
    try:
        if asked.as_of is None:
            return asked.desk.rows(_YEARS, {"query": written_out(query)})
        with asked.desk:
            counted = years_at(asked.desk.db, query, asked.as_of)
            return [{"year": year, "releases": count} for year, count in counted.items()]
    except TooLong:
        return None
