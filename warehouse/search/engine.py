"""Finds the first releases of a ranking without computing the rest.

Every release a query matches is found (recall is what `contains` finds on folded lines); which come first is
decided by the title alone for queries without OR, so the ranking is known before any text is read. Three
ways, cheapest first: the documents of the rarest word, if it is rare; reading down the ranking while hits
are dense; the whole index.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, prod
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.search.folding import is_whole, pieces
from warehouse.search.query import Filter, Query, Term
from warehouse.search.spans import over

Spellings = tuple[str, ...]
"""Several ways to write one thing: a text that holds one of them holds it."""
RARE: Final = 5_000
"""Documents of a word up to this number are all ranked at once."""
PROBED: Final = 1_000
CHUNKS: Final = (60, 400, 2_000)

_CONDITIONS: Final = {
    "kind": "jcm_kind = {0}",
    "country": "list_contains(countries, {0})",
    "lang": "lang = {0}",
    "category": "list_contains(categories, {0})",
    "from": "published_on >= CAST({0} AS DATE)",
    "to": "published_on <= CAST({0} AS DATE)",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document in its place of the ranking; `missing` are the terms its title does not hold."""

    doc: int
    missing: tuple[Term, ...]


class Engine:
    """One query without OR against one connection. `wanted` is how many documents are asked for.

    `lake` says that the archive is on one.
    """

    def __init__(self, con: DuckDBPyConnection, query: Query, wanted: int, *, lake: bool = False) -> None:
        self._lake = lake
        self._con = con
        self._query = query
        self._wanted = wanted
        self._terms = query.terms

    def documents(self) -> list[int]:
        """Numbers of the first documents that match, best first."""
        total, titles = self._title_counts()
        weights = [round(1000 * log(2 + total / (1 + count))) for count in titles[:-1]]
        if titles[-1] >= self._wanted and not self._query.without:
            return self._first(self._ranking(weights, limit=self._wanted * 2), ())
        occurrences = self._occurrences()
        if occurrences and min(occurrences.values()) <= RARE:
            rarest = min(occurrences, key=occurrences.__getitem__)
            narrow = self._beside(rarest) if occurrences[rarest] > PROBED else [rarest]
            return self._first(self._ranking(weights, within=narrow), self._certain(narrow))
        likely = prod(min(1.0, count / max(total, 1)) for count in occurrences.values())
        if likely * PROBED >= self._wanted:
            found = self._first(self._ranking(weights, limit=PROBED), ())
            if len(found) >= self._wanted:
                return found
        every = list(occurrences)
        # Where the index has no piece of a term, one pass over all texts beats looking into many.
        blind = [term.spellings for term in self._terms if not pieces(term.text)]
        return self._first(
            self._ranking(weights, within=every, holding=blind), self._certain([*every, *blind])
        )

    def _title_counts(self) -> tuple[int, list[int]]:
        """How many documents there are; how many titles hold each term, and how many all."""
        holds, values = _holding("folded_title", [term.spellings for term in self._terms])
        condition, bound = _where(self._query.filters, len(values))
        every = " AND ".join([*holds, condition])
        counts = ", ".join(f"count(*) FILTER ({one})" for one in [*holds, every])
        sql = f"SELECT count(*), {counts} FROM search_documents"  # noqa: S608 - texts are bound
        row = self._con.execute(sql, values + bound).fetchall()[0]
        return row[0], list(row[1:])

    def _occurrences(self) -> dict[Spellings, int]:
        """For each piece of the terms, at least in so many documents."""
        wanted = [piece for term in self._terms for piece in pieces_of(term)]
        if not wanted:
            return {}
        holds, values = _holding("word", wanted)
        sums = ", ".join(f"coalesce(sum(occurrences) FILTER ({one}), 0)" for one in holds)
        row = self._con.execute(f"SELECT {sums} FROM search_words", values).fetchall()[0]  # noqa: S608 - texts are bound
        return {piece: int(count) for piece, count in zip(wanted, row, strict=True)}

    def _beside(self, piece: Spellings) -> list[Spellings]:
        """The piece and, of a date by both calendars, its others: 6月4日 alone stands in far more texts."""
        dates = (found for term in self._terms if term.also and piece in (found := pieces_of(term)))
        return next(dates, [piece])

    def _certain(self, used: Sequence[Spellings]) -> tuple[Term, ...]:
        """Terms that need no look into the texts once the index has answered for these pieces."""
        return tuple(
            term
            for term in self._terms
            if term.spellings in used and (is_whole(term.text) or not pieces(term.text)) and not term.in_title
        )

    def _ranking(
        self,
        weights: Sequence[int],
        *,
        within: Sequence[Spellings] = (),
        holding: Sequence[Spellings] = (),
        limit: int | None = None,
    ) -> Iterator[Ranked]:
        """Documents that pass the filters, best first; only those whose words contain the pieces `within`.

        Those whose texts contain the terms `holding` are found by reading all texts.
        """
        holds, values = _holding("folded_title", [term.spellings for term in self._terms])
        score = " + ".join(
            [f"CASE WHEN {h} THEN {w} ELSE 0 END" for h, w in zip(holds, weights, strict=True)] or ["TRUE"]
        )
        condition, bound = _where(self._query.filters, len(values))
        values += bound
        by_words, pieces_bound = _holding("word", within, len(values))
        by_texts, terms_bound = _holding("text", holding, len(values) + len(pieces_bound))
        sources = [f"SELECT unnest(docs) FROM search_words WHERE {one}" for one in by_words]  # noqa: S608 - texts are bound
        sources += [f"SELECT doc FROM search_texts WHERE {one}" for one in by_texts]  # noqa: S608 - texts are bound
        indexed = "".join(f" AND doc IN ({source})" for source in sources)
        flags = ", ".join(["doc", *holds])
        sql = (
            f"SELECT {flags} FROM search_documents WHERE {condition}{indexed} "  # noqa: S608 - texts are bound
            f"ORDER BY {score} DESC, published_on DESC, release_id" + (f" LIMIT {limit}" if limit else "")
        )
        cursor = _another(self._con).execute(sql, [*values, *pieces_bound, *terms_bound])
        while rows := cursor.fetchmany(2_048):
            for doc, *flagged in rows:
                yield Ranked(doc, tuple(t for t, held in zip(self._terms, flagged, strict=True) if not held))

    def _first(self, ranking: Iterator[Ranked], certain: Sequence[Term]) -> list[int]:
        """The first wanted documents of a ranking that hold every term and none of those to be without."""
        found: list[int] = []
        for chunk in _chunks(ranking):
            held = self._verified(chunk, certain)
            found += [one.doc for one in chunk if one.doc in held]
            if len(found) >= self._wanted:
                break
        return found[: self._wanted]

    def _verified(self, chunk: Sequence[Ranked], certain: Sequence[Term]) -> set[int]:
        open_terms = {one.doc: [term for term in one.missing if term not in certain] for one in chunk}
        hopeless = {doc for doc, terms in open_terms.items() if any(term.in_title for term in terms)}
        asked = [
            doc for doc, terms in open_terms.items() if doc not in hopeless and (terms or self._query.without)
        ]
        if not asked:
            return set(open_terms) - hopeless
        every = list(dict.fromkeys([t for doc in asked for t in open_terms[doc]] + list(self._query.without)))
        held = self._held(asked, every)
        return {
            doc
            for doc in set(open_terms) - hopeless
            if doc not in held
            or (
                all(t in held[doc] for t in open_terms[doc])
                and not any(t in held[doc] for t in self._query.without)
            )
        }

    def _held(self, docs: Sequence[int], terms: Sequence[Term]) -> dict[int, set[Term]]:
        """Which of the terms the texts of each document hold."""
        holds, values = _holding("text", [term.spellings for term in terms])
        tests = ", ".join(
            f"bool_or({held}{' AND in_title' if term.in_title else ''})"
            for held, term in zip(holds, terms, strict=True)
        )
        select = f"SELECT doc, {tests} FROM search_texts"  # noqa: S608 - texts are bound
        sql = over(select, docs, group="GROUP BY doc", lake=self._lake)
        rows = self._con.execute(sql, values).fetchall()
        return {doc: {term for term, flag in zip(terms, flags, strict=True) if flag} for doc, *flags in rows}


def pieces_of(term: Term) -> list[Spellings]:
    """What the words of a text that holds the term must contain, each in every spelling.

    A date lies inside one piece, but 2026年(令和8年)6月4日 is cut into three: where others have no more,
    their last stands there again.
    """
    cuts = [pieces(one) for one in term.spellings]
    if not all(cuts):
        return []
    longest = max(map(len, cuts))
    return [tuple(cut[min(place, len(cut) - 1)] for cut in cuts) for place in range(longest)]


def _holding(column: str, wanted: Sequence[Spellings], after: int = 0) -> tuple[list[str], list[str]]:
    """For each thing the condition that the column holds it; the parameters are numbered from `after` + 1."""
    places = {text: place for place, text in enumerate(dict.fromkeys(itertools.chain(*wanted)), after + 1)}
    tests = [
        " OR ".join(f"contains({column}, ${places[text]})" for text in dict.fromkeys(one)) for one in wanted
    ]
    return [f"({test})" for test in tests], list(places)


def _where(filters: Sequence[Filter], after: int) -> tuple[str, list[str]]:
    """The filters as a condition whose parameters are numbered from `after` + 1."""
    tests = [
        f"{'NOT ' if one.negative else ''}coalesce({_CONDITIONS[one.field].format(f'${place}')}, FALSE)"
        for place, one in enumerate(filters, start=after + 1)
    ]
    return " AND ".join(tests) or "TRUE", [one.value for one in filters]


def _chunks(ranking: Iterator[Ranked]) -> Iterator[list[Ranked]]:
    """The ranking in pieces that grow: few texts read where hits are dense, few queries elsewhere."""
    sizes = iter(CHUNKS)
    size = next(sizes)
    chunk: list[Ranked] = []
    for one in ranking:
        chunk.append(one)
        if len(chunk) == size:
            yield chunk
            chunk, size = [], next(sizes, CHUNKS[-1])
    if chunk:
        yield chunk


def _another(con: DuckDBPyConnection) -> DuckDBPyConnection:
    """A cursor of its own: the texts are read while a ranking is still being fetched.

    A cursor begins in the first database; where the archive was attached, it must be told so.
    """
    row = con.execute("SELECT current_database()").fetchone()
    cursor = con.cursor()
    if row is not None:
        cursor.execute(f'USE "{row[0]}"')
    return cursor
