"""Reads the rows of some documents without reading those between them.

DuckDB passes over row groups and vectors for `doc BETWEEN a AND b`, not for a list of numbers: twenty
documents spread over 300,000 cost 25 ms one by one and 800 ms as a list.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

MOST: Final = 64
GAP: Final = 200
"""Each part costs a millisecond to plan; so many documents can be read past in that time."""


def spans(docs: Sequence[int], most: int = MOST) -> list[list[int]]:
    """The numbers in ascending groups, at most `most`, parted at the widest gaps."""
    ordered = sorted(set(docs))
    gaps = [at for at in range(1, len(ordered)) if ordered[at] - ordered[at - 1] > GAP]
    widest = sorted(gaps, key=lambda at: ordered[at - 1] - ordered[at])[: most - 1]
    cuts = [0, *sorted(widest), len(ordered)]
    return [ordered[start:end] for start, end in pairwise(cuts) if end > start]


def over(select: str, docs: Sequence[int], *, group: str = "", lake: bool = False) -> str:
    """`select` (without WHERE) for these documents only; `group` is a GROUP BY clause that names `doc`.

    On a `lake` each part would ask the catalogue for the table's files again, and a reader of Parquet passes
    over groups of rows for a list too, in a third of the time that alternatives take.
    """
    if not docs:
        return f"{select} WHERE FALSE {group}"
    if lake:
        return f"{select} WHERE doc IN ({', '.join(str(int(doc)) for doc in docs)}) {group}"
    parts = [
        f"doc BETWEEN {span[0]} AND {span[-1]} AND doc IN ({', '.join(str(int(doc)) for doc in span)})"
        for span in spans(docs)
    ]
    return " UNION ALL ".join(f"({select} WHERE {part} {group})" for part in parts)
