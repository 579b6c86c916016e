"""How far a run is, in Prefect's pages: shown by the clock, so that it costs the same at any pace."""

from collections.abc import Callable
from time import monotonic
from typing import Final, cast
from uuid import UUID

from httpx import HTTPError
from prefect.artifacts import create_progress_artifact, update_progress_artifact

EVERY: Final = 60.0
"""Seconds between two looks: each is a request to the server, so it must not come with every page."""


class Bar:
    """A progress artifact, made when it is first put; called with a figure from 0 to 100."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._id: UUID | None = None

    def __call__(self, progress: float) -> None:
        """Show this figure, if the server can be reached; a run must not end because nobody can see it."""
        try:
            if self._id is None:
                made = create_progress_artifact(progress=progress, description=self._what)
                self._id = cast("UUID", made)
            else:
                update_progress_artifact(self._id, progress=progress)
        except HTTPError:
            return


class Shown:
    """What `put` shows of a run: the first time after `EVERY` seconds, so that a short run shows nothing.

    `clock` counts seconds.
    """

    def __init__(self, put: Callable[[float], None], *, clock: Callable[[], float] = monotonic) -> None:
        self._put, self._clock, self._last = put, clock, clock()

    def tell(self, done: int, total: int) -> None:
        """Note that `done` of `total` are had."""
        if self._clock() - self._last >= EVERY:
            self.show(done, total)

    def show(self, done: int, total: int) -> None:
        """Show it now; all of nothing is had."""
        self._last = self._clock()
        self._put(100 * done / total if total else 100.0)
