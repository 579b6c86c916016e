"""What a load did, for reports and alerts."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A version that this load wrote, by the capture that began it.

    `run_kind` is the kind of the run that fetched it, or `rebuild` where the archive knew that capture
    before. `is_newest` says whether the version is current: an old page that was saved and imported late is
    not.
    """

    release_id: str
    version: int
    change: str
    capture_id: str
    run_id: str
    run_kind: str
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load. `runs` are the notes of the runs that the new files speak of, oldest first.

    `rebuilt` says that everything was read again; `reextracted` how many versions then came out differently.
    """

    files: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    runs: tuple[dict[str, Any], ...] = ()
    rebuilt: bool = False
    reextracted: int = 0

    def count(self, change: str) -> int:
        """How many versions of a kind of change were written."""
        return sum(one.change == change for one in self.changes)
