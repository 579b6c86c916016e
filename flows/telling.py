"""Who is told how far a run is, in this process: set by the command that runs a flow, silent otherwise.

A flow's parameters are data that Prefect stores; a progress bar cannot be one of them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listener:
    """`progress` takes (done, total) pages; `note` takes a line of text."""

    progress: Callable[[int, int], None] = lambda _done, _total: None
    note: Callable[[str], None] = lambda _text: None


_listener: ContextVar[Listener] = ContextVar("listener", default=Listener())  # noqa: B039 - frozen and empty


def listener() -> Listener:
    """Who listens now."""
    return _listener.get()


@contextmanager
def told_to(one: Listener) -> Iterator[None]:
    """Tell this listener for the block."""
    token = _listener.set(one)
    try:
        yield
    finally:
        _listener.reset(token)
