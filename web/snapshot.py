"""Read-only connections that follow the archive when a load replaces it.

Each request borrows a connection of the archive as it is at that moment; a lake is looked at once a second,
for every look is a connection to its catalogue. When the archive has become another one, a new snapshot is
opened; the old one is closed when the last request that reads it has ended, so none fails.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import duckdb

from extractors.errors import Stop, Usage
from warehouse import Lake, Place
from warehouse.migrate import migrations, refuse_newer
from web.closed import connect
from web.memo import Memo
from web.room import Limits

ATTEMPTS: Final = 5
LOOKED: Final = 1.0
"""Seconds for which the look at a lake's catalogue is good."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of the archive it is: on a lake the number of the state.

    A load always makes a new file, so inode, size and time of change tell two files apart.
    """

    said: str

    @classmethod
    def of(cls, place: Place) -> "Stamp":
        """The stamp of the archive at a place; `Stop` if there is none."""
        if isinstance(place, Lake):
            number = place.snapshot()
            if number is None:
                raise Stop(f"no archive in {place}; `moej run` or `moej import` makes one")
            return cls(f"state {number}")
        try:
            return cls.told(place.stat())
        except OSError as error:
            raise Stop(
                f"no archive at {place}: {error.strerror}; `moej run` or `moej import` makes one"
            ) from error

    @classmethod
    def told(cls, found: os.stat_result) -> "Stamp":
        """The stamp of a file by what the system says of it."""
        return cls(f"{found.st_dev:x}-{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}")

    def __str__(self) -> str:
        return self.said


@dataclass(slots=True, eq=False)
class Snapshot:
    """One state of the archive, open. `memo` keeps what is the same for every request to it."""

    stamp: Stamp
    base: duckdb.DuckDBPyConnection
    memo: Memo = field(default_factory=Memo)
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
    """Lends connections to the archive at a place; safe to use from many threads."""

    def __init__(self, place: Place, limits: Limits, *, clock: Callable[[], float] = monotonic) -> None:
        self._place = place
        self._limits = limits
        self._clock = clock
        self._seen: tuple[Stamp, float] | None = None
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._reading = threading.Lock()
        self._digests: dict[Stamp, str] = {}

    def names(self, stamp: Stamp) -> tuple[str, ...]:
        """What that state is called: by its digest if that is known already, and always by its stamp.

        No request waits for a digest. Until it is known the stamp stands for it, and goes on to.
        """
        digest = self._digests.get(stamp)
        return (str(stamp),) if digest is None else (digest, str(stamp))

    def digest(self, stamp: Stamp) -> str:
        """SHA-256 of the file, read once, in about a second for a gigabyte: equal files have equal ones.

        A lake, and a file that is gone already, are named by their stamp, which no other state shares.
        """
        with self._reading:
            found = self._digests.get(stamp)
            if found is None:
                found = _digest(self._place, stamp)
                # Requests that began with the state before still ask for its digest.
                self._digests = dict([*self._digests.items()][-1:]) | {stamp: found}
            return found

    def stamp(self) -> Stamp:
        """Which state of the archive lies there now; of a lake, a second ago at most."""
        now = self._clock()
        if isinstance(self._place, Lake) and self._seen is not None and now - self._seen[1] < LOOKED:
            return self._seen[0]
        found = Stamp.of(self._place)
        self._seen = (found, now)
        return found

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
            fresh = _open(self._place, self._limits)
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


def _digest(place: Place, stamp: Stamp) -> str:
    if not isinstance(place, Lake):
        with suppress(OSError), place.open("rb") as file:
            if Stamp.told(os.fstat(file.fileno())) == stamp:
                return hashlib.file_digest(file, "sha256").hexdigest()
    return str(stamp)


def _open(place: Place, limits: Limits) -> Snapshot:
    """Open the archive; asked again if it was replaced between looking and opening."""
    for _ in range(ATTEMPTS):
        stamp = Stamp.of(place)
        try:
            base = _connected(place, limits)
        except duckdb.Error as error:
            if Stamp.of(place) != stamp:
                continue
            raise Stop(f"the archive cannot be opened ({error}); `moej rebuild` makes it again") from error
        if Stamp.of(place) == stamp:
            _refuse_newer(base)
            return Snapshot(stamp, base)
        base.close()
    raise Stop(f"the archive was replaced {ATTEMPTS} times while it was being opened; ask again")


def _connected(place: Place, limits: Limits) -> duckdb.DuckDBPyConnection:
    if isinstance(place, Lake):
        return place.attach(config={"memory_limit": limits.memory, "threads": limits.threads})
    return connect(os.fspath(place), memory=limits.memory, threads=limits.threads)


def _refuse_newer(base: duckdb.DuckDBPyConnection) -> None:
    try:
        refuse_newer(base, migrations())
    except (Stop, Usage):
        base.close()
        raise
