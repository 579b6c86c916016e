"""Rows of `release_versions` kept as they come out of the file: a block at a time.

The file compresses texts in blocks of 2,048 rows, and to read one release its whole block is unpacked, which
costs most of a page. So the block is kept, and the releases beside it, which are asked for next, cost little.
The column `body` is left out: pages show `body_markdown`, and the two say the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from web.recent import Recent

ROWS: Final = 2_048
QUERY: Final = """
SELECT rowid AS row_number, * EXCLUDE (body) FROM release_versions
WHERE rowid BETWEEN $first AND $last ORDER BY rowid
"""


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows as they came, and the place of each among them: rows that a load replaced leave gaps."""

    rows: pa.Table
    places: Mapping[int, int]

    @classmethod
    def of(cls, found: pa.Table) -> "_Block":
        numbers = found["row_number"].to_pylist()
        rows = found.drop_columns("row_number").combine_chunks()
        return cls(rows, {int(number or 0): place for place, number in enumerate(numbers)})


class Blocks:
    """The blocks used last of one state of the archive: at most `room` bytes of them, and at least one."""

    def __init__(self, room: int) -> None:
        self._kept: Recent[int, _Block] = Recent(room, lambda block: block.rows.nbytes)

    def row(self, rowid: int, read: Callable[[str, dict[str, int]], pa.Table]) -> dict[str, Any]:
        """The row with this number; `read` answers a query where its block is not kept."""
        number = rowid // ROWS
        block = self._kept.get(number)
        if block is None:
            block = _Block.of(read(QUERY, {"first": number * ROWS, "last": number * ROWS + ROWS - 1}))
            self._kept.put(number, block)
        (found,) = block.rows.slice(block.places[rowid], 1).to_pylist(maps_as_pydicts="strict")
        return dict(found)
