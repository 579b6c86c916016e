"""`moej schedule` as a person starts and stops it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from cli.schedule import passed_on
from flows.settings import Settings
from flows.timetable import LOCK_WAIT
from pressroom import DEMO_DAY_ONE, PressRoom
from tests.cli.conftest import moej
from tests.flows.seasons import rows

DUE: Final = "2026-06-02T18:29:59.900+09:00"
AT_NOON: Final = "2026-06-02T12:00:00+09:00"
ROOT: Final = Path(__file__).resolve().parents[2]
# The clock begins when it is told to and goes on from there.
KEPT: Final = """
import sys, time
from datetime import datetime, timedelta
from cli.schedule import keep
from flows.settings import Settings
from flows.timetable import TIMETABLE

begun, evening = time.monotonic(), datetime.fromisoformat(sys.argv[3])
settings = Settings(data=sys.argv[1], site=sys.argv[2], pause=0, contact="operator@example.org")
daily = tuple(entry for entry in TIMETABLE if entry.name == "daily")
keep(settings, daily, lambda: evening + timedelta(seconds=time.monotonic() - begun))
"""


@contextmanager
def kept(data: Path, site: str, *, clock: str) -> Iterator[subprocess.Popen[str]]:
    """A process that keeps the schedule of an archive, on a clock; killed at the end if still there."""
    with subprocess.Popen(
        [sys.executable, "-c", KEPT, str(data), site, clock],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str], words: str) -> str:
    """The next line on stderr that holds the words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def test_sigterm_ends_it_after_the_running_job(tmp_path: Path) -> None:
    """While the press room holds an answer the signal comes; the run goes on to its end, then all is over."""
    with PressRoom(now=DEMO_DAY_ONE) as room, kept(tmp_path, room.url, clock=DUE) as process:
        held = room.fault("/press/", "slow")
        assert heard(process, "daily: started").startswith("2026-06-02 18:30:")
        assert held.held.wait(60)
        process.send_signal(signal.SIGTERM)
        heard(process, "daily: ending after this job")
        held.let_go()
        heard(process, "daily: done")
        assert process.wait(60) == 0
    settings = Settings(data=tmp_path)
    assert rows(settings, "SELECT kind, status, created > 5 FROM runs") == [("run", "done", True)]


def test_one_archive_has_one_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second process is told who keeps it; Ctrl-C ends the first at once where nothing runs."""
    nowhere = "http://127.0.0.1:1"
    with kept(tmp_path, nowhere, clock=AT_NOON) as process:
        heard(process, "the schedule is kept here")
        assert moej("--data", str(tmp_path), "--site", nowhere, "schedule") == 1
        assert "the schedule of this archive is busy" in capsys.readouterr().err
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.mark.parametrize("option", ["--list", "--dry-run"])
def test_the_next_five_times_are_shown(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By Tokyo's clock, for a person and for a program, and nothing is written."""
    given = ("--data", str(tmp_path / "data"), "--now", "2026-06-05T09:20:00Z", "schedule", option)
    assert moej(*given) == 0
    assert "Fri 06-05 18:30" in capsys.readouterr().out
    assert moej(*given, "--json") == 0
    times = json.loads(capsys.readouterr().out)
    assert times["daily"] == [f"2026-06-{day:02}T18:30:00+09:00" for day in range(5, 10)]
    assert not (tmp_path / "data").exists()


def test_a_standing_clock_is_wrong_usage(tmp_path: Path) -> None:
    """Nothing would ever be due."""
    assert moej("--data", str(tmp_path), "--now", "2026-06-05T09:20:00Z", "schedule") == 2


def test_jobs_get_the_settings_of_the_call() -> None:
    """Options reach the jobs through their environment; their patience at the lock too, unless it was set."""
    given = passed_on(Settings(data=Path("/srv/moej"), site="http://127.0.0.1:1"))
    assert given["MOEJ_DATA"] == "/srv/moej"
    assert given["MOEJ_SITE"] == "http://127.0.0.1:1"
    assert float(given["MOEJ_LOCK_WAIT"]) == LOCK_WAIT
    assert "MOEJ_CONTACT" not in given
    assert "MOEJ_LOCK_WAIT" not in passed_on(Settings(lock_wait=5))


def test_one_job_can_be_done_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without Prefect; the ledger of the run is said in one line, and exit 3 says that a page was not had."""
    with PressRoom(now=DEMO_DAY_ONE) as room:
        room.fault("/press/press_05011.html", "maintenance")
        given = (
            "--site",
            room.url,
            "--pause",
            "0",
            "--data",
            str(tmp_path),
            "--now",
            "2026-06-02T18:30:00+09:00",
        )
        assert moej(*given, "schedule", "--once", "daily") == 3
    said = capsys.readouterr().err
    assert " created, 1 " in said
    assert "press_05011.html: maintenance" in said
