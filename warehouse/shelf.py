"""Readings by their id: those of this load, and earlier ones, which are read again from the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from duckdb import DuckDBPyConnection

from extractors.errors import Stop
from warehouse import columns
from warehouse.identity import likeness
from warehouse.ingest import reading_row
from warehouse.readings import Readable, ReadListing, ReadPage, Work, read_one
from warehouse.tables import fetch, insert, one, write

_BODY: Final = "SELECT body FROM staged WHERE reading_id = ?"
_MISSING: Final = """
SELECT DISTINCT reading_id, page FROM wanted w
ANTI JOIN staged s ON s.reading_id = w.reading_id AND s.page = w.page
"""
_PLACES: Final = """
SELECT c.capture_id, coalesce(a.page, c.page) AS page, c.family, c.fetched_at, c.media_type, c.charset,
       c.warc_file, c.warc_offset
FROM captures c JOIN again a ON a.reading_id = c.capture_id
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The temporary table `staged` of a draft, filled from the log on demand."""

    db: DuckDBPyConnection
    log: Readable
    read: ReadPage
    read_listing: ReadListing

    def likeness(self, known: str, shown: str) -> float:
        """How alike the texts of two readings are."""
        return likeness(self._body(known), self._body(shown))

    def stage_missing(self) -> None:
        """Stage what the temporary table `wanted` names and `staged` lacks."""
        self._again(fetch(self.db, _MISSING))

    def _body(self, reading_id: str) -> str:
        body = one(self.db, _BODY, [reading_id])
        if body is None:
            self._again([{"reading_id": reading_id}])
            body = one(self.db, _BODY, [reading_id])
        return str(body)

    def _again(self, wanted: Sequence[dict[str, Any]]) -> None:
        if not wanted:
            return
        names = "CREATE OR REPLACE TEMP TABLE again AS SELECT reading_id, page FROM incoming"
        write(self.db, names, wanted, columns.PLAN)
        rows = [self._row(place) for place in fetch(self.db, _PLACES)]
        insert(self.db, "staged", rows, columns.READINGS)

    def _row(self, place: dict[str, Any]) -> dict[str, Any]:
        file, offset = place.pop("warc_file"), place.pop("warc_offset")
        work = Work(**place, payload=self.log.payload(file, offset))
        row = reading_row(read_one(work, read=self.read, read_listing=self.read_listing))
        if row is None:
            raise Stop(
                f"{work.page} in {file} at {offset} was read before and cannot be read now: "
                "the extractor changed without a new version number; run `moej rebuild`"
            )
        return row
