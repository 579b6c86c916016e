"""`archive.duckdb`, replaced whole.

    with Archive(path).draft() as draft:
        …draft.db…

A draft is a private copy, `archive.duckdb.draft-<pid>`, that nobody else opens. Leaving the block commits it,
checkpoints, closes, opens it once to check, syncs, and renames it over the old file; leaving it by an error
throws it away. Readers of the old file keep what they have. There is never a WAL beside `archive.duckdb`:
DuckDB's recovery of a WAL after a kill is what sometimes leaves a file that does not open.
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from extractors.errors import Stop
from sources import locks
from sources.failpoints import failpoint
from warehouse.memory import PIECE, bound, shed
from warehouse.migrate import migrate
from warehouse.state import mirror
from warehouse.stores.checks import refuse_untrue
from warehouse.stores.copying import copy_file, stop_for, sync_file, sync_folder
from warehouse.stores.draft import Place
from warehouse.stores.lake import Lake
from warehouse.stores.old import OLD
from warehouse.tables import literal

STORAGE: Final = "v1.2.0"
"""The file format: every DuckDB from 1.2 on reads it, and it is the first that compresses text with zstd."""
# A draft that was killed is thrown away, never recovered, so a WAL would be written for nobody.
_WRITTEN: Final = f"STORAGE_VERSION '{STORAGE}', RECOVERY_MODE 'NO_WAL_WRITES'"
# In pieces as small as they come: to put them together takes them into memory all at once. Only of a million
# rows there would be so many that each load took seconds longer.
_IN_PIECES: Final = f"{_WRITTEN}, ROW_GROUP_SIZE {PIECE}"
LARGE: Final = 512 << 20
"""Bytes of a file from which on DuckDB lays it out as it would by itself, in pieces of 122,880 rows."""
DEAD_SHARE: Final = 0.5
SMALL: Final = 16 << 20


@dataclass(slots=True)
class FileDraft:
    """A private copy being written. `db` is in a transaction; `origin` is the archive it will replace.

    `written` says how DuckDB lays out the file. `state` is the small file beside it with what the log does
    not know.
    """

    path: Path
    origin: Path
    state: Path
    db: duckdb.DuckDBPyConnection
    written: str = field(default=_IN_PIECES)
    discarded: bool = field(default=False)
    shared: bool = field(default=False, init=False)

    def keep(self) -> None:
        """Write into the copy what was loaded so far; only then can memory let go of it without a spill."""
        self.db.execute("COMMIT")
        bound(self.db)
        # To put small pieces of tables together takes them into memory: that is for the end.
        self.db.execute("SET max_vacuum_tasks = 0")
        self.db.execute("CHECKPOINT")
        self.db.execute(joining(self.written))
        shed(self.db)
        self.db.execute("BEGIN")

    def discard(self) -> None:
        """Leave the archive as it is: there was nothing to load."""
        self.discarded = True

    def start_over(self) -> None:
        """Begin again from an empty archive, in place of the copy."""
        self.db.close()
        _remove(self.path)
        self.written = layout(self.path)
        self.db = create(self.path, self.written)
        attach_old(self.db, self.origin)
        migrate(self.db)
        self.db.execute("BEGIN")


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive file at `path`, which is replaced under the lock of its folder.

    `lock_wait` is how many seconds to wait for another load; `on_wait` is told, once, who that is. A file of
    `compact_from` bytes or more is written anew when more than half of it is dead space.
    """

    path: Path
    lock_wait: float = 600.0
    compact_from: int = SMALL
    on_wait: Callable[[str], None] | None = None

    @property
    def state(self) -> Path:
        """The file of operational memory in the same folder."""
        return self.path.with_name("state.sqlite")

    @contextmanager
    def draft(self, *, empty: bool = False) -> Iterator[FileDraft]:
        """A draft to write to; becomes the archive when the block is left, unless it is left by an error.

        `empty` begins without what the archive holds.
        """
        with self._lock():
            clear_drafts(self.path)
            draft = self._begin(empty=empty)
            try:
                yield draft
                if not draft.discarded:
                    self._replace(draft)
            except (duckdb.Error, OSError) as error:
                raise _as_stop(error, draft.path) from error
            finally:
                draft.db.close()
                _remove(draft.path)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the lock of the folder; while another load has it, say so once and wait."""
        folder = self.path.parent
        with ExitStack() as stack:
            try:
                stack.enter_context(locks.load_lock(folder, wait=0))
            except Stop:
                if self.on_wait is not None:
                    self.on_wait(f"{locks.holder(folder / 'lock')}; waiting at most {self.lock_wait:g} s")
                stack.enter_context(locks.load_lock(folder, wait=self.lock_wait))
            yield

    def _begin(self, *, empty: bool) -> FileDraft:
        path = self.path.with_name(f"{self.path.name}.draft-{os.getpid()}")
        try:
            if self.path.exists() and not empty:
                copy_file(self.path, path)
            failpoint("warehouse.copied")
            written = layout(path)
            db = create(path, written)
            if empty:
                attach_old(db, self.path)
            migrate(db)
            db.execute("BEGIN")
        except (duckdb.Error, OSError) as error:
            _remove(path)
            raise _as_stop(error, path) from error
        except BaseException:
            _remove(path)
            raise
        failpoint("warehouse.opened")
        return FileDraft(path=path, origin=self.path, state=self.state, db=db, written=written)

    def _replace(self, draft: FileDraft) -> None:
        mirror(draft.db, self.state)
        draft.db.execute("COMMIT")
        bound(draft.db)
        failpoint("warehouse.committed")
        draft.db.execute("CHECKPOINT")
        _compact(draft, self.compact_from)
        draft.db.close()
        failpoint("warehouse.checkpointed")
        check(draft.path)
        failpoint("warehouse.checked")
        sync_file(draft.path)
        failpoint("warehouse.synced")
        draft.path.replace(self.path)
        failpoint("warehouse.renamed")
        sync_folder(self.path.parent)


def attach(place: Place) -> duckdb.DuckDBPyConnection:
    """A connection that reads the archive as it is now, and that state to the end, with times in UTC."""
    return place.attach() if isinstance(place, Lake) else attach_file(place)


def attach_file(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection that reads the file at `path`.

    Not `duckdb.connect(path)`: that gives the old file again while anything in this process has it open.
    """
    db = duckdb.connect(config={"temp_directory": str(Path(tempfile.gettempdir()) / f"moej-{os.getpid()}")})
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"ATTACH {literal(path)} AS archive (READ_ONLY)")
    db.execute("USE archive")
    return db


def attach_old(db: duckdb.DuckDBPyConnection, origin: Path) -> None:
    """Show the archive that will be replaced as `old`, if there is one that can be read.

    A damaged one must not stand in the way of the rebuild that replaces it. Call it outside a transaction,
    which an ATTACH that fails would spoil.
    """
    if origin.exists():
        with suppress(duckdb.Error):
            db.execute(f"ATTACH {literal(origin)} AS {OLD} (READ_ONLY)")


def layout(path: Path) -> str:
    """How DuckDB is told to lay out the file at this path, which may not be there yet."""
    return _WRITTEN if path.exists() and path.stat().st_size >= LARGE else _IN_PIECES


def joining(written: str) -> str:
    """How many small pieces a checkpoint puts together, which are in memory until the last of them is.

    Few at a time; in a large file all, or each load would take seconds more for weeks once it is one.
    """
    return "SET max_vacuum_tasks = 1" if written == _IN_PIECES else "RESET max_vacuum_tasks"


def create(path: Path, written: str = _IN_PIECES) -> duckdb.DuckDBPyConnection:
    """A connection that writes to a file alone: no WAL, no checkpoint but ours, overflow beside the file."""
    db = duckdb.connect(config={"temp_directory": f"{path}.tmp"})
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"ATTACH {literal(path)} AS archive ({written})")
    db.execute("USE archive")
    db.execute("SET checkpoint_threshold = '1TB'")
    # By itself DuckDB keeps up to 128 MiB of what a statement has freed, for the next one.
    db.execute("SET allocator_flush_threshold = '4MiB'")
    db.execute(joining(written))
    return db


def _compact(draft: FileDraft, smallest: int) -> None:
    """Copy what lives into a fresh file where more than half of the file is dead space."""
    if draft.path.stat().st_size < smallest or dead_share(draft.db) <= DEAD_SHARE:
        return
    fresh = draft.path.with_name(f"{draft.path.name}.compact")
    draft.db.execute(f"ATTACH {literal(fresh)} AS fresh ({draft.written})")
    draft.db.execute("COPY FROM DATABASE archive TO fresh")
    draft.db.execute("CHECKPOINT fresh")
    draft.db.execute("DETACH fresh")
    draft.db.close()
    fresh.replace(draft.path)


def dead_share(db: duckdb.DuckDBPyConnection) -> float:
    """Share of the file's blocks that hold nothing any more."""
    row = db.execute(
        "SELECT free_blocks / greatest(total_blocks, 1) FROM pragma_database_size() "
        "WHERE database_name = 'archive'"
    ).fetchone()
    return float(row[0]) if row else 0.0


def check(path: Path) -> None:
    """Open the file as a reader would and ask what must be true; `Stop` with the first thing that is not."""
    if path.with_name(f"{path.name}.wal").exists():
        raise Stop(
            f"{path.name} has a WAL after its checkpoint; the old archive is untouched; please report it"
        )
    with closing(attach_file(path)) as db:
        refuse_untrue(db)


def clear_drafts(path: Path) -> tuple[str, ...]:
    """Remove drafts that killed loads left; call it under the lock, when every draft is a left-over."""
    left = sorted(path.parent.glob(f"{path.name}.draft-*"))
    for one in left:
        _remove(one)
    return tuple(one.name for one in left)


def _remove(path: Path) -> None:
    if path.is_dir():
        for one in path.iterdir():
            one.unlink(missing_ok=True)
        path.rmdir()
        return
    path.unlink(missing_ok=True)
    for tail in (".wal", ".compact"):
        path.with_name(path.name + tail).unlink(missing_ok=True)
    spill = path.with_name(f"{path.name}.tmp")
    if spill.is_dir():
        with suppress(OSError):
            _remove(spill)


def _as_stop(error: duckdb.Error | OSError, path: Path) -> Stop:
    """One line for what DuckDB or the disk said."""
    if isinstance(error, OSError):
        return stop_for(error, path)
    text = " ".join(str(error).split())
    if os.strerror(errno.ENOSPC) in text:
        return stop_for(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), path)
    return Stop(f"the load failed and the old archive is untouched: {text}")
