"""Search at a past moment: the releases as they were then, by the same language and with the same filters.

A release that has not changed since stands in the index, which answers for it. Versions that held then and
were replaced since stand in none: they are folded and looked through one by one, with the files that stood
behind their links then. They are few, for most pages never change.

Ranking: by the terms that stand in the title, rare ones (by number of titles today) before common ones; then
the newest first.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nsmallest
from itertools import chain
from math import log
from typing import Any, Final

from duckdb import DuckDBPyConnection

from warehouse.files import ADDRESS
from warehouse.search.hits import SHOWN, Hit, hits_of
from warehouse.search.index import document, lines_of
from warehouse.search.query import Filter, Query, Term, parse, written_out
from warehouse.search.snippets import highlight, snippet
from warehouse.stores.dialect import is_lake
from warehouse.tables import one_state

_PORTION: Final = 64
"""Versions folded between two fetches, where an interrupt can end the search."""
_STANDING: Final = """
FROM search_releases($typed) s JOIN search_documents d USING (release_id) SEMI JOIN (
    SELECT release_id FROM release_versions WHERE valid_to IS NULL AND valid_from <= CAST($at AS TIMESTAMPTZ)
) v USING (release_id)
"""
_THEN: Final = "valid_from <= CAST($at AS TIMESTAMPTZ) AND valid_to > CAST($at AS TIMESTAMPTZ)"
_REPLACED: Final = f"""
WITH files AS (
    SELECT page, max_by(digest, struct_pack(fetched_at, sequence, warc_offset)) AS digest
    FROM captures SEMI JOIN documents USING (digest)
    WHERE family = 'file' AND verdict IN ('good', 'unchanged') AND fetched_at <= CAST($at AS TIMESTAMPTZ)
    GROUP BY page
),
linked AS (
    SELECT DISTINCT release_id, {ADDRESS.format(url="url")} AS page
    FROM (SELECT release_id, unnest(attachments).url AS url FROM release_versions WHERE {_THEN})
),
said AS (
    SELECT l.release_id, list(replace(d."text", chr(12), chr(10)) ORDER BY l.page) AS texts
    FROM linked l JOIN files f USING (page) JOIN documents d USING (digest) WHERE d."text" <> ''
    GROUP BY l.release_id
)
SELECT s.release_id, s.version, s.published_on, s.lang, s.title, s.url, s."lead", s.body, s.facts, s.contacts,
    s.attachments, s.categories, s.countries, s.jcm_countries, s.jcm_kind, said.texts
FROM release_versions s LEFT JOIN said USING (release_id) WHERE {_THEN}
"""  # noqa: S608 - constants of ours


@dataclass(frozen=True, slots=True)
class _Replaced:
    """A version that matches and was replaced since: what is shown of it, and its lines as printed."""

    shown: Mapping[str, Any]
    title: str
    lines: tuple[tuple[str, str], ...]

    def score(self, terms: Sequence[str], weights: Sequence[int]) -> int:
        """What the terms in its title count for."""
        return sum(weight for term, weight in zip(terms, weights, strict=True) if term in self.title)

    def hit(self, terms: Sequence[str]) -> Hit:
        """With the line that holds most of the terms, the earliest of equals."""
        best = max(self.lines, key=lambda line: sum(term in line[0] for term in terms), default=("", ""))
        parts = highlight(self.shown["title"], terms), snippet(best[1], terms)
        return Hit(**self.shown, title_parts=parts[0], snippet=parts[1])


def search_at(
    con: DuckDBPyConnection, typed: str, at: datetime, limit: int = 20, *, skip: int = 0
) -> tuple[Hit, ...]:
    """The releases a query finds in the archive as it was `at` a moment, as `search` does for now."""
    query = parse(typed)
    if not query or limit < 1:
        return ()
    with one_state(con):
        terms = query.marked
        weights = _weights(con, terms)
        order = "ORDER BY s.title_score DESC, s.published_on DESC, s.release_id"
        sql = f"SELECT s.title_score, d.doc, {SHOWN} {_STANDING} {order} LIMIT {skip + limit:d}"
        standing = con.execute(sql, {"typed": written_out(typed), "at": at}).fetchall()
        places: Iterator[tuple[int, date, str, Any]] = chain(
            ((row[0], row[4], row[2], row[1:]) for row in standing),
            (
                (one.score(terms, weights), one.shown["published_on"], one.shown["release_id"], one)
                for one in _replaced(con, query, at)
            ),
        )
        # However many match, the texts of no more than are asked for are kept.
        first = nsmallest(
            skip + limit, places, key=lambda place: (-place[0], -place[1].toordinal(), place[2])
        )
        chosen = [place[3] for place in first[skip:]]
        kept = [one for one in chosen if not isinstance(one, _Replaced)]
        hits = {hit.release_id: hit for hit in hits_of(con, kept, query, lake=is_lake(con))}
    return tuple(one.hit(terms) if isinstance(one, _Replaced) else hits[one[1]] for one in chosen)


def years_at(con: DuckDBPyConnection, typed: str, at: datetime) -> dict[int, int]:
    """How many releases the query finds at that moment in each year of publication, the newest year first."""
    query = parse(typed)
    with one_state(con):
        sql = f"SELECT year(s.published_on), count(*) {_STANDING} GROUP BY ALL"
        counted = Counter(dict(con.execute(sql, {"typed": written_out(typed), "at": at}).fetchall()))
        counted.update(one.shown["published_on"].year for one in _replaced(con, query, at))
    return dict(sorted(counted.items(), reverse=True))


def _weights(con: DuckDBPyConnection, terms: Sequence[str]) -> list[int]:
    """What a term in a title counts for, as the statement has it."""
    held = ", ".join(
        f"count(*) FILTER (contains(folded_title, ${place}))" for place in range(1, len(terms) + 1)
    )
    sql = f"SELECT count(*), {held or 0} FROM search_documents"  # noqa: S608 - texts are bound
    total, *titles = con.execute(sql, list(terms)).fetchall()[0]
    return [round(1000 * log(2 + total / (1 + count))) for count in titles[: len(terms)]]


def _replaced(con: DuckDBPyConnection, query: Query, at: datetime) -> Iterator[_Replaced]:
    cursor = con.execute(_REPLACED, {"at": at})
    names = [column[0] for column in cursor.description]
    while rows := cursor.fetchmany(_PORTION):
        for row in rows:
            found = _matching(query, dict(zip(names, row, strict=True)))
            if found:
                yield found


def _matching(query: Query, row: Mapping[str, Any]) -> _Replaced | None:
    folded = document(0, row)
    if not all(_passes(folded, one) != one.negative for one in query.filters):
        return None
    title = folded["folded_title"]
    lines = [(line, shown or line) for _, in_title, line, shown in lines_of(0, row) if not in_title]

    def holds(term: Term) -> bool:
        looked_at = [title] if term.in_title else [title, *(line for line, _ in lines)]
        return any(one in line for line in looked_at for one in term.spellings)

    if any(map(holds, query.without)) or not all(any(map(holds, clause)) for clause in query.clauses):
        return None
    shown = {name.partition(".")[2]: row[name.partition(".")[2]] for name in SHOWN.split(", ")}
    return _Replaced(shown, title, tuple(lines))


def _passes(folded: Mapping[str, Any], one: Filter) -> bool:
    """Whether a release passes a filter, its sign aside: what the statement asks of a document."""
    day = folded["published_on"].isoformat()
    match one.field:
        case "kind" | "lang":
            return bool(folded["jcm_kind" if one.field == "kind" else "lang"] == one.value)
        case "country" | "category":
            return one.value in folded["countries" if one.field == "country" else "categories"]
        case "from":
            return bool(day >= one.value)
        case _:
            return bool(day <= one.value)
