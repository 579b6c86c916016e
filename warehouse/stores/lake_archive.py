"""Loads into a lake: one transaction each, one at a time on all machines.

    with LakeArchive(lake, state).draft() as draft:
        …draft.db…

Leaving the block commits everything at once; leaving it by an error keeps nothing. Readers hold the state
they began with. A load writes a row that every load writes, so that of two that ran at once after all (a
lock is lost with its connection) only the first can commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from extractors.errors import Stop
from sources.failpoints import failpoint
from warehouse.migrate import migrate_within
from warehouse.state import mirror
from warehouse.stores import catalogue
from warehouse.stores.checks import refuse_untrue
from warehouse.stores.lake import ALIAS, Lake
from warehouse.stores.old import OLD, keep_shown
from warehouse.stores.upkeep import upkeep
from warehouse.tables import quoted

GROUP: Final = 8_192
"""Rows of a group in the Parquet files; DuckLake's own choice is fifteen times as many."""
_SHAPED: Final = "SELECT 1 FROM ducklake_options(?) WHERE option_name = 'parquet_row_group_size'"
_FENCE: Final = "UPDATE meta SET value = value WHERE key = 'extractor_version'"
_PARTS: Final = {
    "VIEW": "SELECT view_name FROM duckdb_views() WHERE database_name = ? AND NOT internal",
    "MACRO TABLE": "SELECT DISTINCT function_name FROM duckdb_functions() WHERE database_name = ? "
    "AND NOT internal",
    "TABLE": "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal",
}


@dataclass(slots=True)
class LakeDraft:
    """A transaction on the lake. `db` writes to it; `origin` is the lake as everybody else sees it."""

    origin: Lake
    state: Path
    db: duckdb.DuckDBPyConnection
    shared: bool = field(default=True, init=False)
    discarded: bool = field(default=False, init=False)

    def keep(self) -> None:
        """Nothing: inserted rows are in files of the lake, and it remains one transaction."""

    def discard(self) -> None:
        """Leave the archive as it is: there was nothing to load."""
        self.discarded = True

    def start_over(self) -> None:
        """Begin again from an empty archive, in place of what was there; all in the one transaction."""
        self.db.execute("ROLLBACK")
        self.begin(empty=True)

    def begin(self, *, empty: bool) -> None:
        """Open the transaction and bring the tables up to date, or make them anew."""
        published = self.origin.snapshot() if empty else None
        if published is not None:
            self.origin.attach_to(self.db, OLD, "READ_ONLY", f"SNAPSHOT_VERSION {published}")
        self.db.execute("BEGIN")
        if empty:
            for kind, query in _PARTS.items():
                for (name,) in self.db.execute(query, [ALIAS]).fetchall():
                    self.db.execute(f"DROP {kind} {quoted(name)}")
        migrate_within(self.db)
        if published is not None:
            keep_shown(self.db)

    def commit(self, still_ours: Callable[[], None]) -> None:
        """Make it the archive, if all is true that must be; `still_ours` stops a load that lost its lock."""
        mirror(self.db, self.state, replace=False)
        self.db.execute(_FENCE)
        refuse_untrue(self.db)
        failpoint("warehouse.checked")
        still_ours()
        self.db.execute("COMMIT")
        failpoint("warehouse.committed")


@dataclass(frozen=True, slots=True)
class LakeArchive:
    """The archive in `lake`; `state` is this machine's file of operational memory.

    `lock_wait` is how many seconds to wait for another load; `on_wait` is told, once, who that is, and why
    files could not be merged after a load.
    """

    lake: Lake
    state: Path
    lock_wait: float = 600.0
    on_wait: Callable[[str], None] | None = None

    @contextmanager
    def draft(self, *, empty: bool = False) -> Iterator[LakeDraft]:
        """A draft to write to; becomes the archive when the block is left, unless it is left by an error.

        `empty` begins without what the archive holds.
        """
        held = catalogue.loading(
            self.lake.conninfo,
            self.lake.schema,
            what=str(self.lake),
            wait=self.lock_wait,
            on_wait=self.on_wait,
        )
        with held as still_ours:
            draft = LakeDraft(self.lake, self.state, self.writing())
            try:
                draft.begin(empty=empty)
                failpoint("warehouse.opened")
                yield draft
                if not draft.discarded:
                    draft.commit(still_ours)
                    self._tidy(draft.db)
            except duckdb.Error as error:
                raise Stop(
                    f"the load failed and the old archive is untouched: {self.lake.explained(error)}"
                ) from None
            finally:
                # What is not committed is gone with the connection.
                draft.db.close()

    def _tidy(self, db: duckdb.DuckDBPyConnection) -> None:
        """Merge files where there are many; that they could not be merged is no reason to doubt the load."""
        try:
            upkeep(db, self.lake)
        except (duckdb.Error, Stop) as error:
            what = self.lake.explained(error) if isinstance(error, duckdb.Error) else str(error)
            if self.on_wait is not None:
                self.on_wait(f"the load is kept; merging files failed: {what}")

    def writing(self) -> duckdb.DuckDBPyConnection:
        """A connection that may write to the lake, which is made if it is not there."""
        said = self.lake.said()
        db = self.lake.open(said)
        try:
            self.lake.attach_to(db, ALIAS, *self.lake.make_in(db, said))
            db.execute(f"USE {ALIAS}")
            with self.lake.clean():
                _shape(db)
        except BaseException:
            db.close()
            raise
        return db


def _shape(db: duckdb.DuckDBPyConnection) -> None:
    """Let new files be written in small groups of rows, unless somebody chose otherwise.

    A reader of a few rows unpacks all of their group: a search would unpack most texts of the archive.
    """
    chosen = db.execute(_SHAPED, [ALIAS]).fetchone()
    if chosen is None:
        db.execute(f"CALL {ALIAS}.set_option('parquet_row_group_size', '{GROUP}')")
