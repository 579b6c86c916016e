"""Steps as tasks: what Prefect does with what is passed to them."""

from collections.abc import Callable
from typing import Any

import pytest
from prefect.utilities.engine import collect_task_run_inputs_sync

from flows import tasks


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
