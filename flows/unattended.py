"""The jobs of the timetable as plain functions: the same work as the deployments, with no Prefect."""

from collections.abc import Callable, Mapping
from typing import Final

from alerts import Delivered
from extractors.errors import Usage
from flows import jobs, recheck, steps
from flows.jobs import Steps
from flows.report import RunReport, report_of
from flows.settings import Settings
from warehouse.load import Say

Job = Callable[[Settings, Say], RunReport | None]


def watch(settings: Settings, say: Say) -> RunReport:
    """Look at the lists, and fetch only what the archive does not know."""
    return _asked(settings, Steps(discover=jobs.look, say=say, kind=jobs.WATCH))


def daily(settings: Settings, say: Say) -> RunReport:
    """Fetch what is new or due, load it, and tell."""
    return _asked(settings, Steps(say=say))


def weekly_recheck(settings: Settings, say: Say) -> RunReport | None:
    """Ask again for the releases of the last weeks, with their files; None if there are none."""
    done = recheck.recheck(settings, days=recheck.DAYS, say=say)
    _said(steps.tell(settings), say)
    if done.ended_by is not None:
        raise done.ended_by
    return done.report


def deliver_alerts(settings: Settings, say: Say) -> None:
    """Send what waits in the outbox and is due."""
    _said(steps.tell(settings), say)


JOBS: Final[Mapping[str, Job]] = {
    "watch": watch,
    "daily": daily,
    "weekly-recheck": weekly_recheck,
    "deliver-alerts": deliver_alerts,
}
"""The job of each entry of the timetable, by its name."""


def job(name: str) -> Job:
    """The job of that name; `Usage` if there is none."""
    if name not in JOBS:
        raise Usage(f"no job {name!r} in the schedule; there are {', '.join(JOBS)}")
    return JOBS[name]


def _asked(settings: Settings, do: Steps) -> RunReport:
    done = jobs.daily(settings, do)
    if done.stopped is not None:
        raise done.stopped
    return done.said_in(report_of(settings.archive, done.run_id))


def _said(done: Delivered, say: Say) -> None:
    for problem in done.problems:
        say(problem)
