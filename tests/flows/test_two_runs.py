"""Two runs started at once: one client at the site, whoever came second waits or leaves with a word."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import Settings
from pressroom import PressRoom
from tests.flows.doomed import daily
from tests.flows.seasons import playing, releases, rows, settings_of


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Four releases; the index answers only when it is let go."""
    with playing(releases(4, days=8)) as room:
        yield room


def waiting(room: PressRoom, data: Path, seconds: float) -> Settings:
    """Settings of a run that waits so long for another."""
    return settings_of(room, data, lock_wait=seconds)


def test_the_second_leaves_with_a_word(room: PressRoom, tmp_path: Path) -> None:
    """It names who is there since when, asks the site for nothing, and the first is not disturbed."""
    held = room.fault("/press/", "slow")
    first = daily(waiting(room, tmp_path, 60))
    assert held.held.wait(60)
    asked = len(room.requests)
    second = daily(waiting(room, tmp_path, 0))
    assert second.said.poll(60)
    said = second.said.recv()
    second.process.join(60)
    assert second.process.exitcode == 1
    assert f"process {first.process.pid} " in said
    assert "holds it since" in said
    assert len(said.splitlines()) == 1
    assert len(room.requests) == asked
    held.let_go()
    first.process.join(60)
    assert first.process.exitcode == 0
    pages = "SELECT count(*), count(DISTINCT run_id) FROM captures WHERE family = 'release'"
    assert rows(Settings(data=tmp_path), pages) == [(4, 1)]


def test_the_second_waits_and_finds_nothing_left_to_fetch(room: PressRoom, tmp_path: Path) -> None:
    """Never two requests at once; each page's bytes are moved once; the log has one run after the other."""
    held = room.fault("/press/", "slow")
    both = [daily(waiting(room, tmp_path, 60)) for _ in range(2)]
    assert held.held.wait(60)
    assert all(one.begun.wait(60) for one in both)
    held.let_go()
    for one in both:
        one.process.join(120)
    assert [one.process.exitcode for one in both] == [0, 0]
    assert room.most_in_flight == 1
    moved = Counter(seen.path for seen in room.requests if seen.status == 200)
    assert {path: moved[path] for path in room.paths()} == dict.fromkeys(room.paths(), 1)
    runs = "SELECT count(DISTINCT run_id), count(DISTINCT warc_file) FROM captures"
    assert rows(Settings(data=tmp_path), runs) == [(2, 2)]
