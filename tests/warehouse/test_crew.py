"""Processes that do pure work for a load."""

import gc
import os
import sys
from importlib import import_module

import pytest

from warehouse.crew import crew


def told(number: int) -> tuple[int, int, bool]:
    """What the process that is given a number says: the number, its own, and whether it can load pandas."""
    # The server of these tests' forks has it already.
    sys.modules.pop("pandas", None)
    try:
        import_module("pandas")
    except ModuleNotFoundError:
        return number, os.getpid(), False
    return number, os.getpid(), True


def test_work_comes_back_in_order_from_processes_that_load_no_pandas() -> None:
    """Results stand as the items do; pyarrow would spend a third of a second on pandas in each process."""
    with crew(2) as spread:
        found = list(spread(told, range(40)))
    assert [number for number, _, _ in found] == list(range(40))
    assert os.getpid() not in {process for _, process, _ in found}
    assert not any(has_pandas for _, _, has_pandas in found)


def test_the_collector_looks_through_everything_again_when_the_processes_are_gone() -> None:
    """An error in the load changes nothing in that: what it leaves would never be given back."""
    with pytest.raises(KeyError), crew(2):
        raise KeyError
    assert gc.get_freeze_count() == 0
