"""The schedule kept in one process: which job is started when, and what becomes of it. No Prefect, no sleep.

Time, children and memory are handed in, so a year of it can be played in a moment.
"""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from extractors.errors import Usage
from flows.timetable import Entry, Timetable, seconds_to_next
from sources.locks import Clock
from warehouse.load import Say
from warehouse.state import instant, note, noted, open_state

AT_MOST: Final = 60.0
"""Seconds between two looks: a machine that slept, or whose clock was set, is noticed within a minute."""
LOOKED: Final = "schedule: all that was due is started"
GOOD: Final = frozenset({0, 3})
"""Exit codes of a job that is done, 3 with some pages quarantined or failed."""


class Child(Protocol):
    """A job that was started, as `subprocess.Popen` has it."""

    def poll(self) -> int | None:
        """Its exit code; None while it goes on."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int:
        """Its exit code, once it has ended."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Up to which time all that was due has been started: a note in the small SQLite file of the archive."""

    path: Path

    def recall(self) -> datetime | None:
        """The time of the last look; None before the first."""
        with self._open() as state:
            looked = noted(state, LOOKED)
        return None if looked is None else datetime.fromisoformat(looked)

    def note(self, now: datetime) -> None:
        """All that was due until `now` is started."""
        with self._open() as state:
            note(state, LOOKED, instant(now), now)

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return open_state(self.path)


@dataclass(slots=True)
class Scheduler:
    """Starts what is due, of each kind one at a time; what was missed is started once, however often."""

    timetable: Timetable
    clock: Clock
    memory: Memory
    start: Callable[[Entry], Child]
    say: Say
    failed: Callable[[Entry, str], None]
    running: dict[Entry, tuple[Child, datetime]] = field(default_factory=dict)

    def keep(self, wait: Callable[[float], bool]) -> None:
        """Look again and again until `wait`, which takes seconds, says that somebody wants the end.

        Jobs that are running then are waited for, and no other is started.
        """
        while not wait(self.look()):
            pass
        for entry, (child, _) in tuple(self.running.items()):
            self.say(f"{entry.name}: ending after this job")
            child.wait()
        self._reap(self.clock())

    def look(self) -> float:
        """Start what is due now; the seconds until the next look."""
        now = self.clock()
        self._reap(now)
        since = min(self.memory.recall() or now, now)
        # Noted first: a job that brings this process down must not be started again and again.
        self.memory.note(now)
        for entry in self.timetable:
            if entry.is_due(since, now):
                self._start(entry, now)
        return max(0.0, min(AT_MOST, seconds_to_next(self.timetable, now)))

    def _start(self, entry: Entry, now: datetime) -> None:
        if entry in self.running:
            self.say(f"{entry.name}: left out, the one of {self.running[entry][1]:%H:%M} is still running")
            return
        self.running[entry] = (self.start(entry), now)
        self.say(f"{entry.name}: started")

    def _reap(self, now: datetime) -> None:
        for entry, (child, begun) in tuple(self.running.items()):
            code = child.poll()
            if code is None and now - begun > entry.limit:
                # Every job may be killed anywhere, and one that hangs might not hear a friendlier word.
                child.kill()
                code = child.wait()
            if code is not None:
                del self.running[entry]
                self._ended(entry, code)

    def _ended(self, entry: Entry, code: int) -> None:
        if code in GOOD:
            self.say(f"{entry.name}: done" + (", some pages not well" if code else ""))
        else:
            self.say(f"{entry.name}: failed, exit code {code}")
            self.failed(entry, f"{entry.name}: the scheduled job ended with exit code {code}")


def refuse_a_standing_clock(now: datetime | None) -> None:
    """`Usage` where MOEJ_NOW stands in place of the clock: nothing would ever be due."""
    if now is not None:
        raise Usage("a schedule needs a clock that goes: unset MOEJ_NOW, or leave out --now")
