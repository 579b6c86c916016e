"""kill -9 between every two steps from the load to the last delivery write."""

from pathlib import Path

import pytest

from tests.alerts.killing import STEPS, TWICE, past, points, trial
from tests.alerts.newsroom import Receiver

# All steps, also those of the load, and every message's: bench/alerts_kill.py.
SOME = [
    "alerts.enqueued:1", "alerts.feed_written:1", "alerts.mirrored:1", "alerts.composed:1", "alerts.noted:1",
    "alerts.held:1", "alerts.claimed:1", "alerts.sending:1", "alerts.sent:1", "alerts.sent:3",
    "alerts.recorded:3", "alerts.given_back:1",
]  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive all trials start from."""
    return past(tmp_path_factory.mktemp("past"))


@pytest.mark.parametrize("point", SOME)
def test_a_kill_loses_no_announcement_and_doubles_none(point: str, tmp_path: Path, archive: Path) -> None:
    """Killed here, everything is told, and only what was sent and not recorded comes again, under its key."""
    with Receiver().listening() as receiver:
        found = trial(tmp_path, archive, receiver, point)
    assert found.killed, f"no process passed {point}"
    assert found.lost == []
    assert found.doubled == []
    assert found.repeated == (1 if point.startswith("alerts.sent:") else 0)


def test_every_step_is_tried() -> None:
    """The list of places names each step, and each message's steps for the first and for the last message."""
    assert len(points()) == len(STEPS) + len(TWICE)
