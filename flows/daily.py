"""The daily flow: the job of `flows.jobs`, its steps as Prefect tasks, its report as artifacts."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

from prefect import Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event
from prefect.tasks import exponential_backoff
from pydantic import Field

from alerts import Concern, Delivered, events
from extractors.errors import Transient
from flows import jobs, steps
from flows.jobs import Steps
from flows.report import RunReport, report_of
from flows.settings import Settings, load_settings
from warehouse import Loaded


def passes_by_itself(_task: object, _run: object, state: Any) -> bool:
    """Prefect asks this before it tries again: only what is transient is worth it."""
    return isinstance(state.result(raise_on_failure=False), Transient)


P = ParamSpec("P")
R = TypeVar("R")


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task of this flow; what tasks pass on (a client, a lock) lives in this process, and is not stored."""

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
    loaded = steps.load(settings, say=get_run_logger().info)
    for event in events(change for change in loaded.changes if change.run_kind != "rebuild"):
        emit_event(event.name, resource={"prefect.resource.id": event.resource_id}, payload=event.payload)
    return loaded


@step("tell")
def tell(settings: Settings, concerns: tuple[Concern, ...]) -> Delivered:
    """Write the feeds and send what waits in the outbox."""
    return steps.tell(settings, concerns)


discover = step("discover")(jobs.discover)
fetch = step("fetch")(jobs.fetch)


@step("report")
def report(settings: Settings, run_id: str) -> RunReport:
    """Say what the run did, in artifacts that Prefect keeps."""
    found = report_of(settings.archive, run_id)
    key = f"run-{run_id}".lower()
    create_table_artifact(table=[found.counts()], key=key, description="The ledger of this run.")
    create_markdown_artifact(markdown=found.markdown(), key=f"{key}-report")
    return found


@flow(name="daily", persist_result=False)
def daily(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    data: Annotated[Path | None, Field(description="Folder of the archive; MOEJ_DATA otherwise.")] = None,
    site: Annotated[str | None, Field(description="Where the site is reached; MOEJ_SITE otherwise.")] = None,
    pause: Annotated[float | None, Field(description="Seconds between two requests.")] = None,
    contact: Annotated[str | None, Field(description="Who answers for the requests.")] = None,
    lang: Annotated[str | None, Field(description="Language of messages: ja or en.")] = None,
    now: Annotated[datetime | None, Field(description="A time instead of the clock, for rehearsals.")] = None,
) -> RunReport:
    """Fetch what is new or due, read it, and load it: the whole daily job once.

    A `Stop` while fetching ends the run, but what was fetched until then is loaded and reported first.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    do = Steps(mend=mend, load=load, discover=discover, fetch=fetch, tell=tell, say=get_run_logger().warning)
    done = jobs.daily(settings, do)
    found = report(settings, done.run_id)
    if done.stopped is not None:
        raise done.stopped
    return found
