"""What the first visitor of a new archive would wait for, made before anybody comes.

A thread looks whether the archive was replaced and reads what every page needs: the contents of lists, the
digest of the file, the search index. A request that comes sooner waits for no more than it needs itself.
"""

import threading
from collections.abc import Callable
from typing import Final

import duckdb

from extractors.errors import MoejError
from warehouse import Lake
from web.asked import Asked
from web.bounded import Desk
from web.contents import contents
from web.index import index
from web.pages.releases import releases
from web.query import health
from web.room import Room
from web.snapshot import Readers, Stamp

LOOK: Final = 0.25
"""Seconds between two looks at a file, which ask its folder and nothing else."""
LOOK_AT_LAKE: Final = 15.0
"""The same for a lake, where each is a question to its catalogue."""
LATER: Final[tuple[Callable[[Asked], object], ...]] = (health.figures, index)


class Ready:
    """Keeps what pages need ready for the archive as it is."""

    def __init__(self, room: Room, readers: Readers) -> None:
        self._room = room
        self._readers = readers
        self._pause = LOOK_AT_LAKE if isinstance(room.archive, Lake) else LOOK
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ready", daemon=True)
        self._seen: Stamp | None = None

    def start(self) -> None:
        """Have the first page ready; all else, and every later archive, is done beside the requests."""
        self._ask(releases)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; ends when what is being read has been read."""
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Where the archive is another one than at the last look, read what pages need, first pages first."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return
        self._seen = stamp
        for work in (releases, contents, lambda _: self._readers.digest(stamp), *LATER):
            if self._over.is_set():
                return
            self._ask(work)

    def _watch(self) -> None:
        while not self._over.is_set():
            self.look()
            self._over.wait(self._pause)

    def _stamp(self) -> Stamp | None:
        try:
            return self._readers.stamp()
        except (MoejError, duckdb.Error):
            return None  # No archive yet: who asks for a page is told so.

    def _ask(self, work: Callable[[Asked], object]) -> None:
        """Ask as a request would; what fails is left to the request that meets it, which can say so."""
        try:
            with self._readers.borrow() as (snapshot, db):
                desk = Desk(db, self._room.limits.seconds)
                work(Asked(self._room, desk, {}, {}, self._room.lang, snapshot.memo, ""))
        except (MoejError, duckdb.Error):
            return
