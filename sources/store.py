"""Where the sealed files of the log lie, as whoever reads them sees it: a folder, or a place behind a URL.

The file that is being written always lies in the folder: after a kill its torn tail has to be cut.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sources import cdxj, gzipped, seal
from sources.gzipped import Sliced
from sources.seal import SealedFile


class Store(Protocol):
    """The sealed files of a log. A file that is not there raises `FileNotFoundError`."""

    def sealed(self) -> tuple[SealedFile, ...]:
        """What the manifest says, in arrival order."""

    def names(self) -> list[str]:
        """Files that bear the name of a sealed one, entered in the manifest or not."""

    def opened(self, name: str) -> AbstractContextManager[Sliced]:
        """The bytes of a file, read piece by piece."""

    def copied(self, name: str) -> AbstractContextManager[Path]:
        """A file of this disk with the same bytes, until leaving."""

    def index(self, name: str) -> Path:
        """The index of a file, on this disk; made if it is missing."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of the log itself."""

    root: Path

    def sealed(self) -> tuple[SealedFile, ...]:
        """What the manifest says, in arrival order."""
        return seal.manifest(self.root)

    def names(self) -> list[str]:
        """Files that bear the name of a sealed one, entered in the manifest or not."""
        return seal.sealed_names(self.root)

    def opened(self, name: str) -> AbstractContextManager[Sliced]:
        """The bytes of a file, read piece by piece."""
        return gzipped.opened(self.root / name)

    @contextmanager
    def copied(self, name: str) -> Iterator[Path]:
        """The file itself."""
        path = self.root / name
        if not path.exists():
            raise FileNotFoundError(name)
        yield path

    def index(self, name: str) -> Path:
        """The index of a file, on this disk; made if it is missing."""
        return cdxj.ensure(self.root, name)
