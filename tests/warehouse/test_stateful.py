"""Random sequences of captures against the model, through the whole load.

Each run of the machine plays `PAGES` independent sequences at once, one a page, because a load costs the same
for one page as for many: 8 runs of 63 pages are 504 sequences. `MOEJ_SEQUENCES` (environment) asks for more.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sources.urls import page_name
from tests.warehouse.backends import current
from tests.warehouse.conftest import Memory, new_archive
from tests.warehouse.model import CONTENTS, SHARING, Event, address, name, payload, tell
from tests.warehouse.world import START, Run, page
from warehouse.digest import parts

PAGES = 63
SEQUENCES = int(os.environ.get("MOEJ_SEQUENCES", "500"))
STEPS = 8
# A lake takes seconds for what takes a file hundredths of them: 63 sequences of half as many steps there.
ON_LAKE = (PAGES, STEPS // 2)

VERSIONS = """
SELECT substr(release_id, 10) AS page_name, release_id, version, change, title, body, valid_from, valid_to,
       versions
FROM release_versions ORDER BY ALL
"""
AS_OF = """
SELECT release_id, version, versions, title, body, first_seen_at, withdrawn_at
FROM releases_as_of(?) ORDER BY ALL
"""
LOST = """
SELECT count(*) FROM captures
WHERE family = 'release' AND (outcome IS NULL
      OR (outcome IN ('loaded', 'unchanged')) <> (release_id IS NOT NULL AND verdict <> 'gone'
          OR change IS NOT NULL OR (verdict = 'gone' AND outcome = 'unchanged')))
"""

LIVELY = [*CONTENTS, "gone", "again", "again", "junk", "blocked", "", "", ""]
FILES = ["x", "x", "y", "z", "again", "again", "gone", "blocked", "truncated", "", ""]
FADING = ["A0", "A1", "B0", *["gone"] * 5, "again", "again", "junk", "", ""]
SEEDS = st.integers(0, 2**32)
"""Hypothesis chooses what happens when; what the pages show in a run comes from a seed it chooses."""


class Archive(RuleBasedStateMachine):
    """Captures in and out of order, repeated, revised, gone, at reused addresses; crashes; new extractors.

    Files are replaced under the same link, before, between and after captures of the pages that link to them.
    """

    shared: duckdb.DuckDBPyConnection

    @initialize()
    def begin(self) -> None:
        """An empty archive, and three runs that find something."""
        self.memory = Memory(self.shared)
        self.memory.clear()
        self.events: dict[int, list[Event]] = {number: [] for number in range(1, PAGES + 1)}
        self.version = 1
        for seed in range(3):
            self.capture(seed, loads=0, in_order=True)

    @rule(seed=SEEDS, in_order=st.booleans(), loads=st.integers(0, 3))
    def capture(self, seed: int, loads: int, *, in_order: bool) -> None:
        """A run fetches each page once, later than anything before or at any time; mostly it is loaded."""
        step = len(self.memory.log.files)
        chance = Random(f"{seed} {step}")  # noqa: S311 - to be repeated, not to be secret
        one = Run(self.memory.log, kind="import")
        for number in range(PAGES + 1):
            at = [
                START + timedelta(hours=(41 * step if in_order else 0) + chance.randrange(82))
                for _ in range(3)
            ]
            if number % SHARING == 0:
                self._send(one, number, Event(at[0], step, chance.choice(FILES), "shared"))
            if number:
                self._send(one, number, Event(at[1], step, chance.choice(FILES), "own"))
                self._respond(one, number, chance.choice(FADING if number % 3 == 0 else LIVELY), at[2], step)
        one.seal()
        if loads:
            self.memory.load(version=str(self.version))

    def _respond(self, one: Run, number: int, what: str, at: datetime, step: int) -> None:
        seen = [event.what for event in self.events[number] if event.what in CONTENTS and not event.file]
        if what == "again":
            what = seen[-1] if seen else "junk"
            if seen:
                one.same(page(number), payload(what, number), at=at)
        elif what in CONTENTS:
            one.get(page(number), payload(what, number), at=at)
        if what == "gone":
            one.gone(page(number), at=at)
        elif what == "junk":
            one.get(page(number), b"<html>", at=at)
        elif what == "blocked":
            one.get(page(number), b"captcha", verdict="blocked", at=at)
        if what:
            self.events[number].append(Event(at, step, what))

    def _send(self, one: Run, number: int, event: Event) -> None:
        """A file answers, or is not asked for; what is neither bytes nor the same again says nothing."""
        link, what, at = event.file, event.what, event.at
        url = address(number, link)
        sharing = range(max(number, 1), min(number + SHARING, PAGES + 1)) if link == "shared" else [number]
        seen = [one.what for one in self.events[sharing[0]] if one.file == link]
        if what == "again" and seen:
            what = seen[-1]
            one.same(url, what.encode(), at=at)
        elif what in {"blocked", "truncated"}:
            one.get(url, b"half", verdict=what, at=at)
        elif what == "gone":
            one.gone(url, at=at)
        elif len(what) == 1:
            one.get(url, what.encode(), at=at)
        if len(what) == 1:
            for other in sharing:
                self.events[other].append(replace(event, what=what))

    @rule()
    def crash(self) -> None:
        """A load that is thrown away leaves no trace."""
        before = self.memory.ask(VERSIONS), self.memory.ask("FROM captures ORDER BY ALL")
        self.memory.load(version=str(self.version), crash=True)
        if (self.memory.ask(VERSIONS), self.memory.ask("FROM captures ORDER BY ALL")) != before:
            raise AssertionError("a load that was thrown away left something")

    @rule(better=st.booleans())
    def rebuild(self, *, better: bool) -> None:
        """Everything again from nothing, with this extractor or the next."""
        self.memory.load(version=str(self.version))
        before = parts(self.memory.db)
        self.version += better
        self.memory.forget()
        self.memory.load(version=str(self.version))
        if not better and parts(self.memory.db) != before:
            raise AssertionError("load by load and rebuild differ")

    @invariant()
    def the_model_agrees(self) -> None:
        """What is loaded is what the model tells, now and at any time before."""
        if not hasattr(self, "memory"):
            return
        loaded = self.memory.ask("SELECT count(*) FROM warc_files")[0][0]
        known = {
            number: [one for one in events if one.arrival < loaded] for number, events in self.events.items()
        }
        _agree("versions", self.memory.ask(VERSIONS), _rows(known))
        at = START + timedelta(hours=41 * (loaded // 2) + 20)
        _agree(f"as of {at}", self.memory.ask(AS_OF, at), _as_of(known, at))
        if self.memory.ask(LOST) != [(0,)]:
            raise AssertionError("a capture has no outcome, or the wrong one")


def _agree(what: str, archive: list[tuple[Any, ...]], model: list[tuple[Any, ...]]) -> None:
    """Fail with the rows that only one of the two has."""
    if archive != model:
        ours, theirs = (
            [row for row in one if row not in two] for one, two in ((archive, model), (model, archive))
        )
        raise AssertionError(f"{what}: only the archive has {ours}, only the model has {theirs}")


def _rows(known: dict[int, list[Event]]) -> list[tuple[Any, ...]]:
    return sorted(
        (
            (
                page_name(page(number)),
                name(story, events, page_name(page(number))),
                row.version,
                row.change,
                *CONTENTS[row.content][::2],
                row.start,
                row.end,
                len(story.rows),
            )
            for number, events in known.items()
            for story in tell(events)
            for row in story.rows
        ),
        key=_nulls_last,
    )


def _as_of(known: dict[int, list[Event]], at: datetime) -> list[tuple[Any, ...]]:
    """What the model would have said had it only heard of what was seen by then."""
    rows: list[tuple[Any, ...]] = []
    for number, events in known.items():
        for story in tell([one for one in events if one.at <= at]):
            now = story.rows[-1]
            title, _, body = CONTENTS[now.content]
            gone = now.start if now.change == "withdrawn" else None
            release_id = name(story, events, page_name(page(number)))
            rows.append((release_id, now.version, now.version, title, body, story.rows[0].start, gone))
    return sorted(rows, key=_nulls_last)


def _nulls_last(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((value is None, value if value is not None else 0) for value in row)


@pytest.mark.usefixtures("backend")
@pytest.mark.timeout(3600)
def test_any_sequence_of_captures_comes_out_as_the_model_tells() -> None:
    """Equal after every step, for at least 500 sequences; for 63 on a lake."""
    sequences, steps = (SEQUENCES, STEPS) if current().name == "file" else ON_LAKE
    Archive.shared = new_archive()
    try:
        run_state_machine_as_test(
            Archive,
            settings=settings(
                max_examples=-(-sequences // PAGES),
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        current().done(Archive.shared)
