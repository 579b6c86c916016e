"""Read-only connections that follow `archive.duckdb` when a load replaces it.

Each request borrows a connection of the file as it is at that moment. When the file has become another one,
a new snapshot is opened; the old one is closed when the last request that reads it has ended, so none fails.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from extractors.errors import Stop, Usage
from warehouse.migrate import migrations, refuse_newer
from web.closed import connect
from web.room import Limits

ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which file it is: a load always makes a new one, so inode, size and time of change tell two apart.

    A digest of the bytes would say the same and cost a second per gigabyte.
    """

    device: int
    inode: int
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "Stamp":
        """The stamp of the file at `path`; `Stop` if there is none."""
        try:
            found = path.stat()
        except OSError as error:
            raise Stop(
                f"no archive at {path}: {error.strerror}; `moej run` or `moej import` makes one"
            ) from error
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    def __str__(self) -> str:
        return f"{self.device:x}-{self.inode:x}-{self.size:x}-{self.changed_ns:x}"


@dataclass(slots=True, eq=False)
class Snapshot:
    """One state of the archive, open. `memo` keeps what is the same for every request to it."""

    stamp: Stamp
    base: duckdb.DuckDBPyConnection
    memo: dict[str, Any] = field(default_factory=dict)
    idle: list[duckdb.DuckDBPyConnection] = field(default_factory=list)
    borrowed: int = 0
    retired: bool = False

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection to this state, used before or new."""
        if self.idle:
            return self.idle.pop()
        cursor = self.base.cursor()
        cursor.execute("USE archive")
        return cursor

    def close(self) -> None:
        """Let go of the file."""
        for cursor in self.idle:
            cursor.close()
        self.idle.clear()
        self.base.close()


class Readers:
    """Lends connections to the archive at `path`; safe to use from many threads."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._lock = threading.Lock()
        self._current: Snapshot | None = None

    def stamp(self) -> Stamp:
        """Which file lies there now."""
        return Stamp.of(self._path)

    @contextmanager
    def borrow(self) -> Iterator[tuple[Snapshot, duckdb.DuckDBPyConnection]]:
        """A connection to the archive as it is now, and the snapshot it belongs to."""
        with self._lock:
            snapshot = self._now()
            snapshot.borrowed += 1
            cursor = snapshot.cursor()
        good = False
        try:
            yield snapshot, cursor
            good = True
        finally:
            with self._lock:
                self._give_back(snapshot, cursor, good=good)

    def close(self) -> None:
        """Close what nobody reads and let the rest close when it is given back."""
        with self._lock:
            self._retire()

    def _now(self) -> Snapshot:
        stamp = self.stamp()
        if self._current is None or self._current.stamp != stamp:
            fresh = _open(self._path, self._limits)
            self._retire()
            self._current = fresh
        return self._current

    def _retire(self) -> None:
        if self._current is None:
            return
        self._current.retired = True
        if self._current.borrowed == 0:
            self._current.close()
        self._current = None

    def _give_back(self, snapshot: Snapshot, cursor: duckdb.DuckDBPyConnection, *, good: bool) -> None:
        snapshot.borrowed -= 1
        if good and not snapshot.retired:
            snapshot.idle.append(cursor)
        else:
            cursor.close()
        if snapshot.retired and snapshot.borrowed == 0:
            snapshot.close()


def _open(path: Path, limits: Limits) -> Snapshot:
    """Open the file at `path`; asked again if it was replaced between looking and opening."""
    for _ in range(ATTEMPTS):
        stamp = Stamp.of(path)
        try:
            base = connect(os.fspath(path), memory=limits.memory, threads=limits.threads)
        except duckdb.Error as error:
            if Stamp.of(path) != stamp:
                continue
            raise Stop(f"the archive cannot be opened ({error}); `moej rebuild` makes it again") from error
        if Stamp.of(path) == stamp:
            _refuse_newer(base)
            return Snapshot(stamp, base)
        base.close()
    raise Stop(f"{path.name} was replaced {ATTEMPTS} times while it was being opened; ask again")


def _refuse_newer(base: duckdb.DuckDBPyConnection) -> None:
    try:
        refuse_newer(base, migrations())
    except (Stop, Usage):
        base.close()
        raise
