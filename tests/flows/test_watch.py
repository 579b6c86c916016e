"""The hourly look, and who hears of a flow that failed."""

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.states import Failed

from flows import jobs
from flows.jobs import Steps
from flows.recheck_flow import recheck
from flows.report import report_of
from flows.settings import Settings
from flows.tasks import tell_operator
from pressroom import JST, PressRoom
from sources import family
from tests.alerts.newsroom import OPERATOR, Receiver

EVENING = datetime.combine(date(2026, 5, 28), time(18, 30), JST)
LATER = EVENING + timedelta(days=5)


def test_only_what_the_archive_does_not_know_is_asked(tmp_path: Path) -> None:
    """After a daily run the next look asks the lists and the new pages, each of which becomes a release."""
    with PressRoom(now=EVENING) as room:
        settings = Settings(data=tmp_path / "data", site=room.url, pause=0, now=EVENING, workers=1)
        jobs.daily(settings, Steps())
        before = {seen.path for seen in room.requests}
        asked, room.now = len(room.requests), LATER
        done = jobs.daily(settings.model_copy(update={"now": LATER}), replace(Steps(), discover=jobs.look))
        again = [seen.path for seen in room.requests[asked:]]
    pages = [path for path in again if family(f"https://www.env.go.jp{path}") == "release"]
    assert pages
    assert set(pages).isdisjoint(before)
    assert "/press/" in again
    assert report_of(settings.archive, done.run_id).counts()["created"] == len(pages)


def test_a_failed_flow_is_told_on_the_operators_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hook sends one note with the flow's name and the reason, and not again for the next failure."""
    monkeypatch.chdir(tmp_path)
    with PressRoom(now=EVENING) as room, Receiver().listening() as operator:
        settings = Settings(data=tmp_path / "data", site=room.url, pause=0, now=EVENING, workers=1)
        jobs.daily(settings, Steps())
        (tmp_path / "moej.toml").write_text(OPERATOR, encoding="utf-8")
        monkeypatch.setenv("MOEJ_CHANNEL_OPS", operator.url)
        monkeypatch.setenv("MOEJ_CHANNEL_OPS_SECRET", "k")
        run = FlowRun.model_validate(
            {"flow_id": uuid4(), "parameters": {"data": "data", "site": room.url, "days": 90}}
        )
        for _ in range(2):
            tell_operator(recheck, run, Failed(message="the disk is full"))
    notes = [json.loads(body)["lines"] for _, body in operator.got]
    assert notes == [["recheck: the disk is full"]]
