"""Pure work spread over processes: reading pages, comparing texts, folding them for search."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

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
    # Not fork: DuckDB has threads here, and a fork of a process with threads may hang.
    context = multiprocessing.get_context("forkserver")
    # Imported once, before the fork, instead of once in each process.
    context.set_forkserver_preload(["warehouse.follow", "warehouse.readings", "extractors"])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield pool.map


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in lists of `size`, so that a message to a process is worth its way."""
    return (items[start : start + size] for start in range(0, len(items), size))
