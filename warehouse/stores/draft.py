"""What a load writes to, wherever the archive is kept: a file of its own, or a transaction on the lake."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import duckdb

from warehouse.stores.lake import Lake

Place = Path | Lake
"""Where an archive is kept: the path of its file, or a lake."""


class Draft(Protocol):
    """An archive being written; `db` is in a transaction."""

    @property
    def db(self) -> duckdb.DuckDBPyConnection:
        """The connection to write to."""

    @property
    def origin(self) -> Place:
        """The published archive that this one will replace."""

    @property
    def state(self) -> Path:
        """The small file of this machine with what the log does not know."""

    @property
    def shared(self) -> bool:
        """Whether other machines load into the archive too, from raw archives that this one may not have."""

    def keep(self) -> None:
        """Write out what was loaded so far, where memory holds it: then it can be let go of, and read again.

        No reader sees it, and it is thrown away with the draft.
        """

    def discard(self) -> None:
        """Leave the archive as it is: there was nothing to load."""

    def start_over(self) -> None:
        """Begin again from an empty archive."""


class Store(Protocol):
    """Where drafts come from: `Archive` for a file, `LakeArchive` for a lake."""

    def draft(self, *, empty: bool = False) -> AbstractContextManager[Draft]:
        """A draft to write to; becomes the archive when the block is left, unless it is left by an error.

        `empty` begins without what the archive holds.
        """
