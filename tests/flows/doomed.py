"""Jobs in processes of their own: some are killed on the way, some run side by side."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from unittest.mock import patch

import stamina

from extractors.errors import Stop
from flows import backfill, jobs
from flows.jobs import Steps
from flows.owed import Span
from flows.settings import Settings
from tests.forks import CONTEXT


def killed(point: str, job: Callable[..., object], *given: object) -> int | None:
    """The exit code of a process that does a job and dies at the failpoint."""
    process = CONTEXT.Process(target=_do, args=(point, job, given))
    process.start()
    process.join()
    return process.exitcode


def _do(point: str, job: Callable[..., object], given: tuple[object, ...]) -> None:
    os.environ["MOEJ_FAILPOINT"] = point
    stamina.set_testing(True, attempts=1)
    job(*given)


def small_backfill(settings: Settings, span: Span) -> None:
    """A backfill that loads after every sixth page."""
    with patch("flows.months.LOAD_AFTER", 6):
        backfill.backfill(settings, span)


@dataclass(frozen=True, slots=True)
class Daily:
    """A process that runs a day: whether it has begun, and where it says why it left, if it did.

    To be kept while the process starts: an event that nobody holds is gone before the process finds it.
    """

    process: BaseProcess
    begun: Event
    said: Connection


def daily(settings: Settings) -> Daily:
    """Start one."""
    begun, (here, there) = CONTEXT.Event(), CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_daily, args=(settings, begun, there))
    process.start()
    there.close()
    return Daily(process, begun, here)


def _daily(settings: Settings, begun: Event, said: Connection) -> None:
    begun.set()
    try:
        jobs.daily(settings, Steps())
    except Stop as stop:
        said.send(str(stop))
        raise SystemExit(1) from None
