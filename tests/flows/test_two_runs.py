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
    first, _, _ = daily(waiting(room, tmp_path, 60))
    assert held.held.wait(60)
    asked = len(room.requests)
    second, _, why = daily(waiting(room, tmp_path, 0))
    assert why.poll(60)
    said = why.recv()
    second.join(60)
    assert second.exitcode == 1
    assert f"process {first.pid} " in said
    assert "holds it since" in said
    assert len(said.splitlines()) == 1
    assert len(room.requests) == asked
    held.let_go()
    first.join(60)
    assert first.exitcode == 0
    pages = "SELECT count(*), count(DISTINCT run_id) FROM captures WHERE family = 'release'"
    assert rows(Settings(data=tmp_path), pages) == [(4, 1)]


def test_the_second_waits_and_finds_nothing_left_to_fetch(room: PressRoom, tmp_path: Path) -> None:
    """Never two requests at once; each page's bytes are moved once; the log has one run after the other."""
    held = room.fault("/press/", "slow")
    (first, one, _), (second, other, _) = (daily(waiting(room, tmp_path, 60)) for _ in range(2))
    for event in (one, other, held.held):
        assert event.wait(60)
    held.let_go()
    for process in (first, second):
        process.join(120)
    assert (first.exitcode, second.exitcode) == (0, 0)
    assert room.most_in_flight == 1
    moved = Counter(seen.path for seen in room.requests if seen.status == 200)
    assert {path: moved[path] for path in room.paths()} == dict.fromkeys(room.paths(), 1)
    runs = "SELECT count(DISTINCT run_id), count(DISTINCT warc_file) FROM captures"
    assert rows(Settings(data=tmp_path), runs) == [(2, 2)]
