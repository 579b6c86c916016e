"""Steps as tasks, and flows around them: what Prefect does beside the work."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from prefect import flow_engine
from prefect.futures import resolve_futures_to_states
from prefect.utilities.engine import collect_task_run_inputs_sync

from flows import tasks
from flows.daily import daily


class Known(dict[str, str]):
    """Pages that the archive knows; counts how often somebody went through all of them."""

    searched = 0

    def items(self) -> Any:
        """As ever, and counted."""
        self.searched += 1
        return super().items()


def test_prefect_does_not_search_what_steps_pass_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive knows 30,000 pages: Prefect, looking for other tasks' results, would open each one."""

    def searching(_name: str, _function: Callable[..., int]) -> Callable[..., object]:
        return lambda *args, **kwargs: [collect_task_run_inputs_sync(one) for one in (args, kwargs)]

    monkeypatch.setattr(tasks, "task_of", searching)
    first, second = Known(a="1"), Known(b="2")
    tasks.step("count")(lambda one, *, other: len(one) + len(other))(first, other=second)
    assert (first.searched, second.searched) == (0, 0)
    collect_task_run_inputs_sync(first)
    assert first.searched == 1


def test_prefect_does_not_search_what_a_daily_run_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks for its own in what a flow returns: a first run's report holds thousands of versions."""
    known = Known(a="1")
    monkeypatch.setattr("flows.daily.run_job", lambda *_args, **_options: known)
    found: Any = resolve_futures_to_states(daily.fn())
    assert known.searched == 0
    assert found.unquote() is known


def test_a_flow_does_not_wait_for_its_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread sleeps a second at a time: each run would end up to a second late."""
    started: list[Thread] = []
    waited_for: list[Thread] = []
    start = Thread.start

    def starting(thread: Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(Thread, "start", starting)
    monkeypatch.setattr(Thread, "join", lambda thread, timeout=None: waited_for.append(thread))  # noqa: ARG005
    with flow_engine._send_heartbeats(flow_engine.FlowRunEngine(flow=daily)):
        assert len(started) == 1
    assert waited_for == []
