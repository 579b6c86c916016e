"""The lines of texts that searches show, kept a block of documents at a time.

The file compresses lines together: to read those of one document costs as much as those of the 64 beside it.
What is found is mostly the newest, again and again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import pyarrow as pa

from web.recent import Recent

DOCS: Final = 64
QUERY: Final = """
SELECT doc, text, shown FROM search_texts WHERE doc BETWEEN $first AND $last AND NOT in_title
"""
Read = Callable[[str, dict[str, int]], pa.Table]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines in the order of their documents, and for each document the first and how many."""

    lines: pa.Table
    places: Mapping[int, tuple[int, int]]

    @classmethod
    def of(cls, found: pa.Table) -> "_Block":
        places: dict[int, tuple[int, int]] = {}
        at = 0
        for doc, own in groupby(found["doc"].to_pylist()):
            places[int(doc or 0)] = at, len(list(own))
            at += places[int(doc or 0)][1]
        return cls(found.drop_columns("doc").combine_chunks(), places)

    def best(self, doc: int, terms: Sequence[str]) -> str | None:
        """The line of a document that holds most of the terms, as printed: the earliest of equals."""
        first, count = self.places.get(doc, (0, 0))
        texts = [str(one) for one in self.lines["text"].slice(first, count).to_pylist()]
        if not texts:
            return None
        place = max(range(count), key=lambda at: sum(term in texts[at] for term in terms))
        return str(self.lines["shown"][first + place].as_py() or texts[place])


class Lines:
    """The blocks used last of one state of the archive: at most `room` bytes of them, and at least one."""

    def __init__(self, room: int) -> None:
        self._kept: Recent[int, _Block] = Recent(room, lambda block: block.lines.nbytes)

    def best(self, docs: Sequence[int], terms: Sequence[str], read: Read) -> dict[int, str]:
        """For each document that has text its best line; `read` answers a query where a block is not kept."""
        found = {doc: self._block(doc // DOCS, read).best(doc, terms) for doc in docs}
        return {doc: line for doc, line in found.items() if line}

    def _block(self, number: int, read: Read) -> _Block:
        block = self._kept.get(number)
        if block is None:
            block = _Block.of(read(QUERY, {"first": number * DOCS, "last": number * DOCS + DOCS - 1}))
            self._kept.put(number, block)
        return block
