"""Readings by their id: those of this load, and earlier ones, which are read again from the log.

Where other machines load into the same archive, bytes may lie in a raw archive that is not here. What was
read from them stands in the versions they began, word for word, and is taken from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.errors import Stop
from warehouse import columns
from warehouse.identity import likeness
from warehouse.readings import Readable, ReadListing, ReadPage, Staged, Work, read_one
from warehouse.tables import fetch, fetch_of, insert, one, write
from warehouse.timeline import Unread

_BODIES: Final = "SELECT reading_id, body FROM staged SEMI JOIN asked USING (reading_id)"
_MISSING: Final = """
SELECT DISTINCT reading_id, page FROM wanted w
ANTI JOIN staged s ON s.reading_id = w.reading_id AND s.page = w.page
"""
_VERSIONS: Final = f"""
INSERT INTO staged BY NAME
SELECT i.capture_id AS reading_id, v.url AS page, v.content_hash, {", ".join(f"v.{n}" for n in columns.READ)}
FROM incoming i
JOIN captures c ON coalesce(c.reading_id, c.capture_id) = i.capture_id
JOIN release_versions v ON v.capture_id = c.capture_id AND (v.url = i.page OR i.anywhere)
QUALIFY row_number() OVER (PARTITION BY i.capture_id, v.url ORDER BY v.version) = 1
"""  # noqa: S608 - columns of ours
_ELSEWHERE: Final = columns.schema({"capture_id": pa.string(), "page": pa.string(), "anywhere": pa.bool_()})
_PLACES: Final = """
SELECT c.capture_id, coalesce(a.page, c.page) AS page, a.page IS NULL AS anywhere,
       c.family, c.fetched_at, c.media_type, c.charset,
       c.warc_file, c.warc_offset
FROM captures c JOIN again a ON a.reading_id = c.capture_id
"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The table `staged` of a draft, filled from the log on demand, and texts from there."""

    db: DuckDBPyConnection
    log: Readable
    read: ReadPage
    read_listing: ReadListing
    _bodies: dict[str, str] = field(default_factory=dict, init=False)
    _missed: set[str] = field(default_factory=set, init=False)

    def likeness(self, known: str, shown: str) -> float:
        """How alike the texts of two readings are; raises `Unread` while one is not at hand."""
        absent = {known, shown} - self._bodies.keys()
        if absent:
            self._missed.update(absent)
            raise Unread(f"the text of {' and '.join(sorted(absent))} is not at hand")
        return likeness(self._bodies[known], self._bodies[shown])

    def fetch(self) -> None:
        """Have the texts at hand that were missed, read from the log where no load has staged them."""
        self._keep()
        self._again([{"reading_id": one} for one in sorted(self._missed)])
        self._keep()
        if self._missed:
            raise LookupError(f"no text of {', '.join(sorted(self._missed))}")

    def stage_missing(self) -> None:
        """Stage what the temporary table `wanted` names and `staged` lacks."""
        self._again(fetch(self.db, _MISSING))

    def _keep(self) -> None:
        for row in fetch_of(self.db, _BODIES, "reading_id", self._missed):
            self._bodies[row["reading_id"]] = row["body"]
        self._missed.difference_update(self._bodies)

    def _again(self, wanted: Sequence[dict[str, Any]]) -> None:
        if not wanted:
            return
        names = "CREATE OR REPLACE TEMP TABLE again AS SELECT reading_id, page FROM incoming"
        write(self.db, names, wanted, columns.PLAN)
        places = fetch(self.db, _PLACES)
        ours = {file.name for file in self.log.sealed()}
        here = [place for place in places if place["warc_file"] in ours]
        insert(self.db, "staged", [self._row(place) for place in here], columns.READINGS)
        if len(here) < len(places):
            self._take([place for place in places if place["warc_file"] not in ours])

    def _take(self, elsewhere: Sequence[dict[str, Any]]) -> None:
        """Stage what was read from bytes that lie elsewhere, out of the versions they began."""
        write(self.db, _VERSIONS, elsewhere, _ELSEWHERE)
        for place in elsewhere:
            known = "SELECT count(*) FROM staged WHERE reading_id = ? AND (page = ? OR ?)"
            if not one(self.db, known, [place["capture_id"], place["page"], place["anywhere"]]):
                raise Stop(
                    f"this load needs the bytes of {place['page']}, which lie in {place['warc_file']} in the "
                    "raw archive of another machine: copy that file to the same place here, and load again"
                )

    def _row(self, place: dict[str, Any]) -> dict[str, Any]:
        file, offset, _ = place.pop("warc_file"), place.pop("warc_offset"), place.pop("anywhere")
        work = Work(**place, payload=self.log.payload(file, offset))
        found = read_one(work, read=self.read, read_listing=self.read_listing).result
        if not isinstance(found, Staged):
            raise Stop(
                f"{work.page} in {file} at {offset} was read before and cannot be read now: "
                "the extractor changed without a new version number; run `moej rebuild`"
            )
        return found.row
