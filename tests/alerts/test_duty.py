"""Which machine delivers the alerts of a lake."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts import Delivered, Means, deliver, take_over
from tests.alerts.newsroom import START, rules_for
from warehouse import Lake
from warehouse.stores.lake_archive import LakeArchive

MEANS = Means(environ={"MOEJ_CHANNEL_HOOK": "http://127.0.0.1:9", "MOEJ_CHANNEL_HOOK_KEY": "k"})


@pytest.fixture
def lake(postgres: str, tmp_path: Path) -> Lake:
    """An archive without a release."""
    made = Lake(postgres, str(tmp_path / "lake"), schema="of_alerts")
    with LakeArchive(made, tmp_path / "state.sqlite").draft():
        pass
    return made


def test_of_a_lake_one_machine_delivers(lake: Lake, tmp_path: Path) -> None:
    """The first does, wherever its memory lies; another is told who, until it takes over."""

    def called(machine: str, *, channels: bool = True) -> Delivered:
        rules = rules_for() if channels else replace(rules_for(), channels=())
        return deliver(lake, tmp_path / machine, rules, clock=lambda: START, means=MEANS)

    assert called("first").problems == ()
    assert called("first").problems == ()
    assert called("second", channels=False).problems == ()
    refused = called("second")
    assert refused.channels == {}
    assert "are delivered by" in refused.problems[0]
    assert "--take-over" in refused.problems[0]
    (tmp_path / "first").rename(tmp_path / "moved")
    assert called("moved").problems == ()
    take_over(lake, tmp_path / "second", now=START, new_id=MEANS.new_id)
    assert called("second").problems == ()
    assert "are delivered by" in called("moved").problems[0]
