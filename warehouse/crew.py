"""Pure work spread over processes: reading pages, comparing texts, folding them for search."""

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from itertools import islice
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from typing import Final, Protocol, TypeVar

AHEAD: Final = 4
"""Pieces of work sent ahead, for each process: more would only fill memory with their results."""

T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """A function over many items, results in the order of the items; the builtin `map` is one."""

    def __call__(self, job: Callable[[T], R], items: Iterable[T], /) -> Iterable[R]:
        """The results; with processes, the work is on its way when this returns."""


@contextmanager
def crew(workers: int) -> Iterator[Spread]:
    """A `Spread` over so many processes; with one, the work is done here. Items are sent one by one."""
    if workers <= 1:
        yield map
        return
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_make_ready) as pool:

        def spread(job: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
            return in_order(lambda item: pool.submit(job, item).result, items, ahead=AHEAD * workers)

        # To look through all that was imported, again and again, takes a second of a large load.
        gc.freeze()
        try:
            yield spread
        finally:
            gc.unfreeze()


def call_up() -> None:
    """Start what the processes of a crew are forked from, so that nobody waits for its imports later."""
    _context()
    forkserver.ensure_running()


def _context() -> BaseContext:
    # Not fork: DuckDB has threads here, and a fork of a process with threads may hang.
    context = multiprocessing.get_context("forkserver")
    # Imported once, before the fork, instead of once in each process.
    context.set_forkserver_preload(["warehouse.follow", "warehouse.slices", "extractors"])
    return context


def in_order(submit: Callable[[T], Callable[[], R]], items: Iterable[T], *, ahead: int) -> Iterator[R]:
    """The results in the order of the items; the first pieces are on their way when this returns."""
    rest = iter(items)
    waiting = deque(submit(item) for item in islice(rest, ahead))

    def results() -> Iterator[R]:
        while waiting:
            result = waiting.popleft()()
            waiting.extend(submit(item) for item in islice(rest, 1))
            yield result

    return results()


def together(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """What comes, in lists of `size`: a statement of SQL is worth its way for many at once."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _make_ready() -> None:
    """What makes a process that only works for us quicker to begin."""
    sys.meta_path.insert(0, _NoPandas())


class _NoPandas(MetaPathFinder):
    """Keeps pyarrow from loading pandas, where there is one, as soon as it is given a list."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Nothing is found; whoever asks for pandas is told that there is none."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in lists of `size`, so that a message to a process is worth its way."""
    return (items[start : start + size] for start in range(0, len(items), size))
