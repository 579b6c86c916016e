"""The Prefect flow: it runs with no server at hand, says what it did, tries again only what may pass."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import Skip, Stop, Transient, Unreachable
from flows import collecting, jobs
from flows.settings import Settings
from flows.tasks import passes_by_itself
from pressroom import JST, PressRoom
from sources.manners import Manners
from warehouse import open_archive

EVENING = datetime.combine(date(2026, 6, 2), time(18, 30), JST)


RUNS = """
import sys
from datetime import datetime
from pathlib import Path
from cli.main import run
from pressroom import PressRoom
from warehouse import open_archive

def moej(*arguments):
    try:
        run(arguments)
    except SystemExit as left:
        print("exit", left.code, file=sys.stderr)

with PressRoom(now=datetime.fromisoformat(sys.argv[2])) as room:
    options = ["--site", room.url, "--pause", "0", "--data", sys.argv[1], "--now", sys.argv[2]]
    moej("run", "--json", *options)
    moej("run", "--retry", "nonsense", *options)
    with open_archive(Path(sys.argv[1], "archive.duckdb")) as archive:
        run_id = archive.runs(1)[0]["run_id"]
    moej("run", "--retry", run_id[:8], *options)
    room.fault("/press/", "empty", times=10)
    moej("run", *options)
"""


# Prefect's temporary server makes a database first: on a busy machine that alone has taken a minute.
@pytest.mark.timeout(400)
def test_moej_run_needs_no_prefect_server(tmp_path: Path) -> None:
    """Its report is JSON alone on stdout; a retry of nothing or of no run, or a lost index, is one line."""
    home, data = tmp_path / "prefect", tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-c", RUNS, str(data), EVENING.isoformat()],
        env={**os.environ, "PREFECT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["run"]["created"] == report["run"]["listed"] == len(report["news"])
    assert report["troubles"] == []
    first, others, second = done.stderr.split("exit 0\n")
    assert "Traceback" not in first
    slip, nothing = others.split("exit 2\n")
    assert slip.startswith("moej: --retry: 'nonsense' is the id of no run; the last ones are ")
    assert nothing.startswith(f"run {report['run']['run_id']}: nothing failed")
    assert [line.partition(" ")[0] for line in second.splitlines()] == ["moej:", "exit"]
    assert second.endswith("exit 1\n")
    with open_archive(data / "archive.duckdb") as archive:
        assert len(archive.rows("SELECT * FROM runs")) == 1


class Ended:
    """A task's state as Prefect hands it to the question whether to try again."""

    def __init__(self, result: object) -> None:
        self._result = result

    def result(self, *, raise_on_failure: bool = True) -> Any:
        """What the task returned or raised."""
        if raise_on_failure and isinstance(self._result, Exception):
            raise self._result
        return self._result


@pytest.mark.parametrize(
    ("ended", "again"),
    [
        (Transient("busy"), True),
        (Unreachable("away"), True),
        (Stop("no"), False),
        (Skip("gone"), False),
        (ValueError("bug"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(
    ended: Exception,
    again: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a deployed run what does not answer is asked for again; a Stop, a Skip and a bug fail at once."""
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", "8d2b0f5e")
    assert passes_by_itself(None, None, Ended(ended)) is again


def test_a_person_at_a_terminal_is_told_at_once() -> None:
    """Without a deployment nobody wants to wait minutes to hear that the network is away."""
    assert passes_by_itself(None, None, Ended(Unreachable("away"))) is False


def test_lists_that_did_not_come_are_asked_for_again(tmp_path: Path) -> None:
    """The index, and the site's rules before it, are missed; the same client, asked again, has the plan."""
    with PressRoom(now=EVENING) as room:
        settings = Settings(data=tmp_path, site=room.url, pause=0, now=EVENING)
        memory = collecting.recollect(settings)
        with collecting.collector(settings, memory, kind="run") as asking:
            for path in ("/robots.txt", "/press/"):
                room.fault(path, "drop", times=Manners().attempts)
                with pytest.raises(Unreachable):
                    jobs.discover(asking, memory, settings)
            assert jobs.discover(asking, memory, settings).pages
