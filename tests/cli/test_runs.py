"""`moej runs`: the history of runs as the archive has it."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from cli.runs import seconds
from flows import jobs
from flows.jobs import Steps
from flows.settings import Settings
from pressroom import JST, PressRoom
from warehouse import open_archive

EVENING = datetime.combine(date(2026, 6, 2), time(18, 30), JST)
ENDS = ("created", "changed", "withdrawn", "restored", "unchanged", "quarantined", "failed", "not_fetched")
Asked = Callable[..., str]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive after two days of runs, with a release edited between them."""
    folder = tmp_path_factory.mktemp("runs")
    with PressRoom(now=EVENING) as room:
        for day in range(2):
            room.now = EVENING + timedelta(days=day)
            settings = Settings(data=folder, site=room.url, pause=0, now=room.now, workers=1)
            jobs.daily(settings, Steps())
            if not day:
                room.revise("press_04455", ("二分の一", "三分の一"))
    return folder


@pytest.fixture
def asked(data: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    """What the command prints, given some options."""

    def answer(*options: str) -> str:
        with pytest.raises(SystemExit) as left:
            run(("--data", str(data), "runs", *options))
        assert not left.value.code
        return capsys.readouterr().out

    return answer


def test_the_newest_run_stands_first(asked: Asked) -> None:
    """The second day's edit is in the first line, the first day's news in the second."""
    second, first = json.loads(asked("--json"))
    assert datetime.fromisoformat(second["started_at"]) == EVENING + timedelta(days=1)
    assert (second["created"], second["changed"]) == (0, 1)
    assert first["created"] == first["listed"] > 0
    assert {first["kind"], second["kind"]} == {"run"}
    assert {first["status"], second["status"]} == {"done"}


def test_the_counts_are_those_of_the_ledger(asked: Asked, data: Path) -> None:
    """Every line of the ledger is counted under one end, run by run."""
    with open_archive(data / "archive.duckdb") as archive:
        lines = dict(archive.sql("SELECT run_id, count(*) FROM ledger GROUP BY ALL").fetchall())
    found: list[dict[str, Any]] = json.loads(asked("--json"))
    assert {one["run_id"]: sum(one[end] for end in ENDS) for one in found} == lines


def test_a_limit_leaves_the_newest(asked: Asked) -> None:
    """The older runs are left out, not the newer ones."""
    newest, *_ = json.loads(asked("--json"))
    assert json.loads(asked("--json", "--limit", "1")) == [newest]


def test_a_person_sees_a_line_for_each_run(asked: Asked) -> None:
    """The table fits a terminal: the beginning of the id, the time in UTC, and the ends that pages had."""
    second, first = json.loads(asked("--json"))
    newer, older = [one for one in asked().splitlines() if "2026-06-0" in one]
    assert newer.split()[1:4] == [second["run_id"][:8], "│", "2026-06-03"]
    assert "09:30" in newer
    assert "1 changed" in newer
    assert f"{first['created']} created" in older
    assert "failed" not in older
    assert max(map(len, (newer, older))) <= 80


def test_a_killed_run_has_no_length() -> None:
    """What never ended took no time that anybody knows."""
    assert seconds(EVENING, None) is None
    assert seconds(EVENING, EVENING + timedelta(minutes=2)) == 120
