"""Processes of their own, most of them killed, forked from one server that has imported what any needs.

Python keeps one such server for a process, and what it is to import counts only until it starts: two lists
would undo each other, so `one_list` keeps ours, which has all that is on the product's. A fork of this
process itself, which has DuckDB's threads, could hang.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from typing import Final
from unittest.mock import patch

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        *("tests.warehouse.doomed", "tests.flows.doomed", "tests.alerts.warm", "tests.alerts.newsroom"),
        "tests.cli.forked",
        # What DuckDB, Arrow and httpx look for at their first use: half a second in each process.
        *("pandas", "pyarrow.dataset", "httpcore", "anyio"),
    ]
)


@contextmanager
def one_list() -> Iterator[None]:
    """No other list counts: a server started for a load would leave each of our forks a second of imports."""
    with patch.object(ForkServerContext, "set_forkserver_preload"):
        yield
