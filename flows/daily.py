"""The daily flow: mend, load what was left, collect, load, report. Thin tasks around `steps`, `collecting`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, ParamSpec, TypeVar

from prefect import Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff
from pydantic import Field

from extractors.errors import Stop, Transient
from flows import collecting, steps
from flows.collecting import Memory, Plan
from flows.report import RunReport, report_of
from flows.settings import Settings, load_settings
from sources.collect import Collector
from warehouse import Loaded

BATCH: Final = 100
"""Pages a task: at 3 s a page a batch is five minutes, so what a task costs does not show."""


def passes_by_itself(_task: object, _run: object, state: Any) -> bool:
    """Prefect asks this before it tries again: only what is transient is worth it."""
    return isinstance(state.result(raise_on_failure=False), Transient)


P = ParamSpec("P")
R = TypeVar("R")


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task of this flow. What tasks pass on (a client, a lock) lives in this process: it is never stored."""

    def wrap(function: Callable[P, R]) -> Task[P, R]:
        return Task(
            function,
            name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=2,
            retry_delay_seconds=exponential_backoff(backoff_factor=5),
            retry_jitter_factor=0.5,
            retry_condition_fn=passes_by_itself,
        )

    return wrap


@step("mend the log")
def mend(settings: Settings) -> tuple[str, ...]:
    """Seal what killed runs left."""
    return steps.mend(settings)


@step("load")
def load(settings: Settings) -> Loaded:
    """Bring the archive up to date with the log."""
    return steps.load(settings, say=get_run_logger().info)


@step("discover")
def discover(asking: Collector, memory: Memory, settings: Settings) -> Plan:
    """Ask the lists and plan the pages."""
    return collecting.plan(asking, memory, now=settings.clock(), policy=collecting.policy_of(settings))


@step("fetch")
def fetch(asking: Collector, pages: tuple[str, ...]) -> int:
    """Ask one batch of pages."""
    return collecting.fetch(asking, pages)


@step("report")
def report(settings: Settings, run_id: str) -> RunReport:
    """Say what the run did, in artifacts that Prefect keeps."""
    found = report_of(settings.archive, run_id)
    key = f"run-{run_id}".lower()
    create_table_artifact(table=[found.counts()], key=key, description="The ledger of this run.")
    create_markdown_artifact(markdown=found.markdown(), key=f"{key}-report")
    return found


@flow(name="daily", persist_result=False, validate_parameters=True)
def daily(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    data: Annotated[Path | None, Field(description="Folder of the archive; MOEJ_DATA otherwise.")] = None,
    site: Annotated[str | None, Field(description="Where the site is reached; MOEJ_SITE otherwise.")] = None,
    pause: Annotated[float | None, Field(description="Seconds between two requests.")] = None,
    contact: Annotated[str | None, Field(description="Who answers for the requests.")] = None,
    lang: Annotated[str | None, Field(description="Language of messages: ja or en.")] = None,
    now: Annotated[
        datetime | None, Field(description="A time that replaces the clock, for rehearsals.")
    ] = None,
) -> RunReport:
    """Fetch what is new or due, read it, and load it: the whole daily job once.

    A `Stop` while fetching ends the run, but what was fetched until then is loaded first.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    mend(settings)
    load(settings)
    run_id, stopped = collect(settings)
    load(settings)
    found = report(settings, run_id)
    if stopped is not None:
        raise stopped
    return found


def collect(settings: Settings) -> tuple[str, Stop | None]:
    """Ask the site; the run's id, and what ended the fetching early, if anything did."""
    memory, run_id = collecting.recollect(settings), steps.new_id()
    planned: Plan | None = None
    try:
        with collecting.collector(settings, memory, kind="run", run_id=run_id) as asking:
            planned = discover(asking, memory, settings)
            for note in planned.notes:
                get_run_logger().warning(note)
            for pages in collecting.batches(planned.pages, BATCH):
                fetch(asking, pages)
    except Stop as stop:
        # Without a plan nothing was fetched: there is nothing to load, and the archive stays as it was.
        if planned is None:
            raise
        return run_id, stop
    return run_id, None
