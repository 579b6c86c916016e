"""When long work at the site will end: from the pause in force and, once there is any, from its own pace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from flows.settings import Settings
from sources import Site
from sources.manners import FLOOR

ENOUGH: Final = 20
"""Answers after which the measured pace is worth more than the pause alone."""


def pause_in_force(settings: Settings) -> float:
    """Seconds between two requests: what is set, and for the real host never less than its floor."""
    return max(settings.pause, FLOOR) if Site(settings.site).is_ministry else settings.pause


@dataclass(slots=True)
class Forecast:
    """How fast the answers come and when the rest will be had.

    An answer never costs less than the pause, so a burst from a cache cannot promise an early end.
    """

    pause: float
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    _begun: float | None = field(default=None, init=False)

    def seconds_each(self, done: int) -> float:
        """Seconds an answer costs: measured since the first call, at least the pause."""
        if self._begun is None:
            self._begun = self.monotonic()
        measured = (self.monotonic() - self._begun) / done if done >= ENOUGH else 0.0
        return max(self.pause, measured)

    def text(self, done: int, left: int) -> str:
        """Answers had, pace, answers expected, and the hour of the end, in words."""
        each = self.seconds_each(done)
        pace = f"{60 / each:.0f} a minute" if each else "no pause"
        ends = self.now() + timedelta(seconds=each * left)
        when = f"{ends:%H:%M}" if ends.date() == self.now().date() else f"{ends:%Y-%m-%d %H:%M}"
        return f"{done} done, {pace}, about {left} left, ends about {when}"
