"""Two runs started at once: one client at the site, whoever came second waits or leaves with a word."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import Settings
from pressroom import PressRoom
from tests.flows.seasons import TODAY, playing, releases, rows

RUN = """
import sys
from datetime import datetime
from pathlib import Path
from extractors.errors import Stop
from flows import jobs
from flows.jobs import Steps
from flows.settings import Settings
data, site, now, wait = sys.argv[1:]
at = datetime.fromisoformat(now)
given = Settings(data=Path(data), site=site, pause=0, now=at, workers=1, lock_wait=float(wait))
print("begun", flush=True)
try:
    jobs.daily(given, Steps())
except Stop as stop:
    sys.exit(str(stop))
"""


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Four releases; the index answers only when it is let go."""
    with playing(releases(4, days=8)) as room:
        yield room


def begin(room: PressRoom, data: Path, *, wait: float) -> subprocess.Popen[str]:
    """A run in a process of its own, that waits so many seconds for another."""
    command = [sys.executable, "-c", RUN, str(data), room.url, TODAY.isoformat(), str(wait)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_second_leaves_with_a_word(room: PressRoom, tmp_path: Path) -> None:
    """It names who is there since when, asks the site for nothing, and the first is not disturbed."""
    held = room.fault("/press/", "slow")
    with begin(room, tmp_path, wait=60) as first:
        assert held.held.wait(60)
        asked = len(room.requests)
        with begin(room, tmp_path, wait=0) as second:
            _, said = second.communicate(timeout=60)
        assert second.returncode == 1
        assert f"process {first.pid} " in said
        assert "holds it since" in said
        assert len(said.splitlines()) == 1
        assert len(room.requests) == asked
        held.let_go()
        first.communicate(timeout=60)
    assert first.returncode == 0
    pages = "SELECT count(*), count(DISTINCT run_id) FROM captures WHERE family = 'release'"
    assert rows(Settings(data=tmp_path), pages) == [(4, 1)]


def test_the_second_waits_and_finds_nothing_left_to_fetch(room: PressRoom, tmp_path: Path) -> None:
    """Never two requests at once; each page's bytes are moved once; the log has one run after the other."""
    held = room.fault("/press/", "slow")
    with begin(room, tmp_path, wait=60) as first, begin(room, tmp_path, wait=60) as second:
        assert held.held.wait(60)
        for process in (first, second):
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
        held.let_go()
        for process in (first, second):
            process.communicate(timeout=120)
    assert (first.returncode, second.returncode) == (0, 0)
    assert room.most_in_flight == 1
    moved = Counter(seen.path for seen in room.requests if seen.status == 200)
    assert {path: moved[path] for path in room.paths()} == dict.fromkeys(room.paths(), 1)
    runs = "SELECT count(DISTINCT run_id), count(DISTINCT warc_file) FROM captures"
    assert rows(Settings(data=tmp_path), runs) == [(2, 2)]
