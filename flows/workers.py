"""Who works for a rebuild: Dask workers. Each slice of the log is a Prefect task, which shows how far it is.

`prefect_dask` is imported only when workers are asked for: it comes with the extra `workers`.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

import extractors
from extractors.errors import Stop, Usage
from flows import steps
from flows.settings import Settings
from flows.tasks import task_of
from warehouse.crew import in_order
from warehouse.slices import Slab, Slice, Workers

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

AHEAD: Final = 2
"""Pieces of work sent ahead, for each thread of the workers: more would only fill their memory."""

PRELOADED: Final = ("distributed", "prefect_dask", "flows.workers", "warehouse.follow")
"""What a worker is going to import."""

T = TypeVar("T")
R = TypeVar("R")

read_slice = task_of("read a slice", steps.read_slice)


@contextmanager
def dask_workers(settings: Settings, *, count: int | None, address: str | None) -> Iterator[Workers]:
    """So many new workers on this machine, or those that a scheduler has.

    `Usage` where both are given or the extra `workers` is not installed; `Stop` where the scheduler does not
    answer, has no worker, or a piece of work is lost with worker after worker.
    """
    if count is not None and address is not None:
        raise Usage("give either workers (new ones here) or address (of a scheduler that has some), not both")
    made = _runner(count, address)
    with ExitStack() as stack:
        stack.enter_context(_one_server())
        if count is not None:
            stack.enter_context(_forked())
        with _reaching(address):
            runner = stack.enter_context(made)
            threads = sum(runner.client.nthreads().values())
        if not threads:
            raise Stop(f"the Dask scheduler at {address} has no worker; start some, then rebuild again")
        ahead = AHEAD * threads
        yield Workers(
            steps.log_of(settings),
            read=lambda parts: in_order(partial(_read, runner, settings), parts, ahead=ahead),
            spread=lambda job, items: in_order(partial(_do, runner, job), items, ahead=ahead),
        )


def _runner(count: int | None, address: str | None) -> "DaskTaskRunner":
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise Usage(
            f"workers and address need the extra `workers`: pip install 'moej[workers]' ({error})"
        ) from error
    if address is not None:
        return DaskTaskRunner(address=address)
    # One thread each: reading is Python, which runs one thread at a time. The dashboard takes any free port.
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": count, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    )


@contextmanager
def _forked() -> Iterator[None]:
    """New workers fork from one process that has imported Prefect and our rooms; each would need seconds."""
    import dask.config
    from distributed.utils import get_mp_context

    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        # After the first call, which names modules of its own.
        get_mp_context().set_forkserver_preload(list(PRELOADED))  # type: ignore[no-untyped-call]
        yield


@contextmanager
def _one_server() -> Iterator[None]:
    """Workers talk to the Prefect server of this flow: each would start one of its own for want of it."""
    with get_client(sync_client=True) as client:
        url = str(client.api_url)
    with temporary_settings({PREFECT_API_URL: url}):
        yield


def _read(runner: "DaskTaskRunner", settings: Settings, part: Slice) -> Callable[[], Slab]:
    place = {"root": settings.log.resolve(), "url": settings.raw_url, "part": part}
    future = runner.submit(read_slice, {**place, "extractor_version": extractors.EXTRACTOR_VERSION})
    return partial(_result, runner, future)


def _do(runner: "DaskTaskRunner", job: Callable[[T], R], item: T) -> Callable[[], R]:
    # No task of Prefect's: it would take longer to note one than to do the work.
    client: Any = runner.client
    future = client.submit(_packed, job, pickle.dumps(item), pure=False)
    return lambda: pickle.loads(_result(runner, future))  # noqa: S301 - from workers that run our own code


def _packed(job: Callable[[T], R], item: bytes) -> bytes:
    """Do a piece of work that came, and goes back, as one pickle.

    Dask would hand over the buffers of a table as they lie in its message, where Arrow finds them askew.
    """
    return pickle.dumps(job(pickle.loads(item)))  # noqa: S301 - from the flow that started the work


def _result(runner: "DaskTaskRunner", future: Any) -> Any:
    with _reaching(runner.address):
        return future.result()


@contextmanager
def _reaching(address: str | None) -> Iterator[None]:
    """What Dask raises when nobody is there, or work is lost with worker after worker, as one `Stop`."""
    try:
        yield
    except OSError as error:
        raise _stop(address, error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "distributed":
            raise
        raise _stop(address, error) from error


def _stop(address: str | None, error: Exception) -> Stop:
    where = f" at {address}" if address else ""
    return Stop(f"the Dask workers{where} cannot do it: {type(error).__name__}: {error}")
