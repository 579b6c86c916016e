"""The search index kept in memory for each state of the archive, so that a query for words reads no file.

`warehouse.search` decides what is found and in which order. Here its questions about titles and words are
answered from two long strings and a list of numbers, some 1,500 bytes a release; only where a term stands in
no title and is no word of the index are texts read.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.search import LARGE
from warehouse.search.engine import Engine, Ranked, Spellings, pieces_of
from warehouse.search.query import Query
from web.asked import Asked

Places = np.ndarray[Any, np.dtype[np.int64]]
COLUMNS: Final = ("release_id", "version", "published_on", "lang", "title", "url")
_DOCUMENTS: Final = f"""
SELECT doc, folded_title, {", ".join(COLUMNS)} FROM search_documents ORDER BY published_on DESC, release_id
"""  # noqa: S608 - columns of ours
_WORDS: Final = "SELECT word, occurrences, docs FROM search_words"


@dataclass(frozen=True, slots=True)
class Texts:
    """Many short texts, none with a line break, as one string; `starts` says where each begins."""

    whole: str
    starts: Places

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "Texts":
        """The texts in this order."""
        lengths = [len(one or "") + 1 for one in texts]
        return cls("\n".join(one or "" for one in texts), np.cumsum([0, *lengths], dtype=np.int64)[:-1])

    def holding(self, *parts: str) -> Places:
        """The places of the texts that hold one of the parts, in order."""
        # One by one: alternatives in one pattern are looked for three times as slowly as two patterns.
        found = [one.start() for part in parts for one in re.finditer(re.escape(part), self.whole)]
        places: Places = np.unique(np.searchsorted(self.starts, found, side="right") - 1)
        return places


@dataclass(frozen=True, slots=True)
class Index:
    """`documents` stand in the order of a ranking without words; `places` is theirs by number, or -1."""

    documents: pa.Table
    numbers: Places
    places: Places
    titles: Texts
    words: Texts
    occurrences: Places
    docs: Any

    def documents_with(self, piece: Spellings) -> Places:
        """The places of the documents in whose words a piece lies. Words may name documents that are gone."""
        numbers = self.docs.take(pa.array(self.words.holding(*piece))).flatten().to_numpy()
        found: Places = np.unique(self.places[numbers[numbers < len(self.places)]])
        return found[found >= 0]

    def rows(self, docs: Sequence[int]) -> list[dict[str, Any]]:
        """What a hit says of each of these documents."""
        places = self.places[np.array(docs, dtype=np.int64)]
        taken = self.documents.select(COLUMNS).take(places)
        found: list[dict[str, Any]] = taken.to_pylist(maps_as_pydicts="strict")
        return found


def index(asked: Asked) -> Index | None:
    """The index of the archive as it is now, read when it is first asked for; None for a large archive.

    There the SQL that everybody can ask costs hardly more, and no memory.
    """
    return asked.memo.once("index", lambda: _read(asked))


def _read(asked: Asked) -> Index | None:
    counted = asked.desk.row("SELECT count(*) AS documents FROM search_documents")
    if counted is None or counted["documents"] >= LARGE:
        return None
    documents = asked.desk.table(_DOCUMENTS).combine_chunks()
    words = asked.desk.table(_WORDS)
    numbers = documents["doc"].to_numpy().astype(np.int64)
    places = np.full(int(numbers.max(initial=-1)) + 1, -1, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    return Index(
        documents,
        numbers,
        places,
        Texts.of(documents["folded_title"].to_pylist()),
        Texts.of(words["word"].to_pylist()),
        words["occurrences"].to_numpy().astype(np.int64),
        pa.chunked_array(words["docs"].chunks, words["docs"].type).combine_chunks(),
    )


class Lookup(Engine):
    """One query of words, without OR and without filters, its titles and words looked up in memory."""

    def __init__(
        self, held: Index, con: DuckDBPyConnection, query: Query, wanted: int, *, lake: bool = False
    ) -> None:
        super().__init__(con, query, wanted, lake=lake)
        self._index = held
        self._in_titles = [held.titles.holding(*term.spellings) for term in query.terms]

    @staticmethod
    def answers(query: Query) -> bool:
        """Whether a query is of this kind; every other one is asked in SQL."""
        return bool(query.terms) and not query.has_choice and not query.filters

    def _title_counts(self) -> tuple[int, list[int]]:
        every = self._in_titles[0]
        for one in self._in_titles[1:]:
            every = np.intersect1d(every, one, assume_unique=True)
        return len(self._index.numbers), [*map(len, self._in_titles), len(every)]

    def _occurrences(self) -> dict[Spellings, int]:
        wanted = [piece for term in self._terms for piece in pieces_of(term)]
        held = self._index
        return {piece: int(held.occurrences[held.words.holding(*piece)].sum()) for piece in wanted}

    def _ranking(
        self,
        weights: Sequence[int],
        *,
        within: Sequence[Spellings] = (),
        holding: Sequence[Spellings] = (),
        limit: int | None = None,
    ) -> Iterator[Ranked]:
        if holding:
            yield from super()._ranking(weights, within=within, holding=holding, limit=limit)
            return
        score = np.zeros(len(self._index.numbers), dtype=np.int64)
        for places, weight in zip(self._in_titles, weights, strict=True):
            score[places] += weight
        places = np.arange(len(score))
        for piece in within:
            places = np.intersect1d(places, self._index.documents_with(piece), assume_unique=True)
        # A stable sort leaves equals in the order of the documents.
        places = places[np.argsort(-score[places], kind="stable")][:limit]
        yield from self._ranked(places)

    def _ranked(self, places: Places) -> Iterator[Ranked]:
        held = [np.isin(places, one) for one in self._in_titles]
        for at, doc in enumerate(self._index.numbers[places].tolist()):
            yield Ranked(
                doc, tuple(term for term, flags in zip(self._terms, held, strict=True) if not flags[at])
            )
