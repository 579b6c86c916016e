"""The load itself: files of the log into a draft, the same for ten pages and for everything.

First all captures of the new files, then, for each page they touch, by captures of the page or of a file it
links to, everything that was ever seen of it is set in time anew (`places`, `timeline`). That is why loading
file by file comes out as loading all at once. Pages that only showed the same again are settled before, in
one statement that comes to the same (`repeats`), and so are new pages that showed one thing only (`firsts`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from sources.failpoints import failpoint
from warehouse.columns import schema
from warehouse.crew import Spread, crew
from warehouse.files import concerned
from warehouse.firsts import begin
from warehouse.follow import Follow
from warehouse.ingest import ingest, stage
from warehouse.memory import Relief, Relieve, bound
from warehouse.places import BATCH, apply, plan
from warehouse.portions import Portion, portions
from warehouse.readings import Readable, ReadListing, ReadPage, Sealed, reader
from warehouse.repeats import settle, unsettled
from warehouse.revisits import resolve
from warehouse.shelf import Shelf
from warehouse.slices import Sliceable, Workers, portions_by
from warehouse.tables import column, execute_on, insert, showing

Progress = Callable[[int, int], None]
Say = Callable[[str], None]
_PLACED: Final = """
CREATE OR REPLACE TEMP TABLE placed AS
SELECT page_name FROM affected
UNION
SELECT page_name FROM captures SEMI JOIN loaded_now USING (sequence) WHERE family = 'release'
"""
_AFFECTED: Final = schema({"page_name": pa.string()})
# A version, whatever its number, is known by its release and the capture that began it.
_ADDED: Final = schema({"release_id": pa.string(), "capture_id": pa.string()})
_MANY: Final = 2 << 20


def silent(_word: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Loader:
    """What a load reads, with which readers, and who follows; the same for every draft.

    `workers` do what can be done elsewhere; without them, it is done here or by processes of this machine.
    `now` is told what is done when all is read. `keep` writes out what the draft holds so far. In a `shared`
    draft nothing is staged where other machines would see it.
    """

    log: Readable
    read: ReadPage
    read_listing: ReadListing
    extractor_version: str
    follow: tuple[Follow, ...]
    keep: Callable[[], None]
    shared: bool
    workers: Workers | None = None
    now: Say = silent

    def run(
        self, db: DuckDBPyConnection, files: Sequence[Sealed], *, workers: int, progress: Progress | None
    ) -> set[str]:
        """Load these files; the runs they speak of. The versions added are in the temporary table `added`."""
        bound(db)
        relief = Relief(db, self.keep)
        # In the file of a private draft they can be let go of; temporary tables are never compressed.
        stage(db, temporary=self.shared)
        sequences = [file.sequence for file in files]
        # Starting processes costs a second: a day's pages are read here.
        many = sum(file.bytes for file in files) > _MANY
        with self._spread(workers if many else 1) as spread:
            runs = self._ingest(db, files, relief, spread=spread, progress=progress)
            bound(db)
            self.now("setting versions in time")
            # DuckDB lists what is touched: a set of Python's would take a tenth of a kilobyte for each page.
            execute_on(db, "CREATE OR REPLACE TEMP TABLE affected AS FROM incoming", _AFFECTED.empty_table())
            resolve(db, sequences)
            concerned(db, sequences)
            failpoint("warehouse.resolved")
            settle(db, sequences)
            unsettled(db, sequences)
            # Of what is staged nothing may be left unwritten here: see `firsts`.
            relief.write_out()
            failpoint("warehouse.settled")
            touched = self._place(db, relief)
            relief.write_out()
            _keep_names(db, sequences)
            # The texts of all that was read: memory that those who follow have better use for.
            db.execute("DROP TABLE staged; DROP TABLE IF EXISTS wanted; DROP TABLE IF EXISTS again")
            self.now("comparing and indexing versions")
            for each in self.follow:
                each(db, touched, spread, relief)
                relief.write_out()
                failpoint("warehouse.followed")
        db.execute("DROP TABLE placed")
        return runs

    def _ingest(
        self,
        db: DuckDBPyConnection,
        files: Sequence[Sealed],
        relieve: Relieve,
        *,
        spread: Spread,
        progress: Progress | None,
    ) -> set[str]:
        total = sum(file.bytes for file in files)
        runs: set[str] = set()
        for portion in self._portions(files, spread):
            runs |= ingest(db, portion)
            relieve(len(portion.held))
            failpoint("warehouse.ingested")
            if progress is not None:
                progress(portion.reached, total)
        return runs

    def _portions(self, files: Sequence[Sealed], spread: Spread) -> Iterator[Portion]:
        if self.workers is not None:
            return self.workers.portions(files)
        if spread is not map and isinstance(self.log, Sliceable):
            return portions_by(spread, files, self.log, read=self.read, read_listing=self.read_listing)
        read = reader(spread, read=self.read, read_listing=self.read_listing)
        return portions(files, self.log, read)

    def _spread(self, processes: int) -> AbstractContextManager[Spread]:
        return crew(processes) if self.workers is None else nullcontext(self.workers.spread)

    def _place(self, db: DuckDBPyConnection, relieve: Relieve) -> list[str]:
        """Begin and change releases; all that were touched, in order."""
        execute_on(db, "CREATE OR REPLACE TEMP TABLE added AS FROM incoming", _ADDED.empty_table())
        left = begin(db, relieve, extractor_version=self.extractor_version)
        failpoint("warehouse.placed")
        touched = {release for (release,) in db.execute("SELECT release_id FROM added").fetchall()}
        for start in range(0, len(left), BATCH):
            shelf = Shelf(db, self.log, self.read, self.read_listing)
            work = plan(db, left[start : start + BATCH], texts=shelf)
            failpoint("warehouse.planned")
            apply(db, work, extractor_version=self.extractor_version, stage_missing=shelf.stage_missing)
            relieve(len(work.add))
            failpoint("warehouse.placed")
            insert(db, "added", [{name: row[name] for name in _ADDED.names} for row in work.add], _ADDED)
            touched |= work.releases
        return sorted(touched)


def _keep_names(db: DuckDBPyConnection, sequences: Sequence[int]) -> None:
    """Leave the names of all pages whose captures came or moved to the followers, in the table `placed`."""
    with showing(db, loaded_now=column("sequence", sequences, pa.int32())):
        db.execute(_PLACED)
    db.execute("DROP TABLE affected")
