"""The Prefect flow: it runs with no server at hand, says what it did, tries again only what may pass."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import Skip, Stop, Transient
from pressroom import JST, PressRoom

EVENING = datetime.combine(date(2026, 6, 2), time(18, 30), JST)


@pytest.fixture(scope="module")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of Prefect's own for these tests, so that nothing of the machine's is used or changed."""
    return tmp_path_factory.mktemp("prefect")


def moej(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """One call of the command in a process of its own."""
    environment = {**os.environ, "PREFECT_HOME": str(home), "MOEJ_NOW": EVENING.isoformat()}
    command = [sys.executable, "-c", "from cli.main import run; run()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=110)


def test_moej_run_loads_a_day_without_a_prefect_server(prefect_home: Path, tmp_path: Path) -> None:
    """The command runs the flow, prints its report as JSON alone on stdout, and leaves an archive."""
    with PressRoom(now=EVENING) as room:
        done = moej(
            "run", "--site", room.url, "--pause", "0", "--data", str(tmp_path), "--json", home=prefect_home
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert report["run"]["created"] == report["run"]["listed"] == len(report["news"])
        assert report["troubles"] == []
        room.fault("/press/", "empty", times=10)
        before = (tmp_path / "archive.duckdb").read_bytes()
        failed = moej("run", "--site", room.url, "--pause", "0", "--data", str(tmp_path), home=prefect_home)
        assert failed.returncode == 1
        assert failed.stderr.splitlines()[-1].startswith("moej: ")
        assert (tmp_path / "archive.duckdb").read_bytes() == before


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
    [(Transient("busy"), True), (Stop("no"), False), (Skip("gone"), False), (ValueError("bug"), False)],
)
def test_only_what_is_transient_is_tried_again(ended: Exception, again: bool) -> None:  # noqa: FBT001
    """A Stop, a Skip and a bug of ours fail a task at once."""
    code = pytest.importorskip("flows.daily")
    assert code.passes_by_itself(None, None, Ended(ended)) is again
