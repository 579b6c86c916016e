"""The numbers of files: in which order the archive learnt of them.

Each raw archive numbers its own files from 1. Where several machines load from raw archives of their own,
two files may bear one number: the second to be loaded gets the next free one, so that what arrived later
never stands before what was there. An archive that is made again keeps the numbers of the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from warehouse.readings import Sealed
from warehouse.stores.old import OLD, has
from warehouse.tables import fetch


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sealed file, with the number it has in this archive."""

    name: str
    sequence: int
    sha256: str
    bytes: int


def arrivals(db: DuckDBPyConnection, files: Sequence[Sealed]) -> tuple[Arrival, ...]:
    """New files with their numbers, in the order of those."""
    taken = set(_numbers(db, "warc_files").values())
    before = _numbers(db, f"{OLD}.warc_files") if has(db, "warc_files") else {}
    found = []
    for file in sorted(files, key=lambda one: (one.name not in before, before.get(one.name, one.sequence))):
        number = before.get(file.name, file.sequence)
        if number in taken:
            number = max(taken) + 1
        taken.add(number)
        found.append(Arrival(file.name, number, file.sha256, file.bytes))
    return tuple(found)


def _numbers(db: DuckDBPyConnection, table: str) -> dict[str, int]:
    rows = fetch(db, f"SELECT name, sequence FROM {table}")  # noqa: S608 - names of ours
    return {row["name"]: row["sequence"] for row in rows}
