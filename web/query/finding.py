"""Search: releases that match, best first, with the matches marked, and how many there are in each year."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from warehouse.search import Hit, highlight, parse, search, snippet
from warehouse.tables import one_state
from web.asked import Asked
from web.bounded import TooLong
from web.index import Index, Lookup, index
from web.lines import Lines

_YEARS: Final = """
SELECT year(published_on) AS year, count(*) AS releases FROM search_releases($query)
GROUP BY year ORDER BY year DESC
"""
_THEN: Final = """
SELECT release_id, version, published_on, lang, title, url, body FROM releases_as_of($as_of)
WHERE {tests} ORDER BY contains(lower(title), $t0) DESC, published_on DESC, release_id
LIMIT $most OFFSET $skip
"""


def hits(asked: Asked, query: str, *, limit: int, skip: int) -> tuple[Hit, ...]:
    """The releases found from place `skip` on; at a past moment those whose texts hold every word."""
    if asked.as_of:
        return _then(asked, query, limit=limit, skip=skip)
    parsed = parse(query)
    held = index(asked) if Lookup.answers(parsed) else None
    if held is None:
        with asked.desk:
            return search(asked.desk.db, query, limit, skip=skip)
    lake = asked.room.lake is not None
    with asked.desk, one_state(asked.desk.db):
        docs = Lookup(held, asked.desk.db, parsed, skip + limit, lake=lake).documents()[skip:]
    return tuple(_told(asked, held, docs, [term.text for term in parsed.terms]))


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
    """How many releases match in each year, newest first; None at a past moment or after too long."""
    if asked.as_of:
        return None
    try:
        return asked.desk.rows(_YEARS, {"query": query})
    except TooLong:
        return None


def _then(asked: Asked, query: str, *, limit: int, skip: int) -> tuple[Hit, ...]:
    terms = [term.text for term in parse(query).terms]
    if not terms:
        return ()
    tests = " AND ".join(
        f"(contains(lower(title), $t{i}) OR contains(lower(body), $t{i}))" for i in range(len(terms))
    )
    bound = {f"t{i}": term for i, term in enumerate(terms)} | {"most": limit, "skip": skip} | asked.bound
    return tuple(_hit(row, terms) for row in asked.desk.rows(_THEN.format(tests=tests), bound))


def _hit(row: dict[str, Any], terms: list[str]) -> Hit:
    body = row.pop("body") or ""
    lines = [line for line in body.splitlines() if any(term in line.lower() for term in terms)]
    return Hit(
        **row,
        title_parts=highlight(row["title"], terms),
        snippet=snippet(lines[0] if lines else body[:200], terms),
    )
