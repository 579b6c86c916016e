"""The steps as Prefect tasks, for all flows: what is tried again, what a run leaves, who hears of failure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial, wraps
from typing import Any, Final, ParamSpec, TypeVar

from prefect import Flow, State, Task, flow_engine, get_run_logger, runtime
from prefect import flow as flow_of
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun
from prefect.events import emit_event
from prefect.tasks import exponential_backoff
from prefect.utilities.annotations import quote

from alerts import Concern, Delivered, by_run, events
from extractors.errors import Transient, Unreachable
from flows import again, jobs, steps
from flows.collecting import Memory, Plan
from flows.jobs import Steps
from flows.report import RunReport, Trouble, report_of
from flows.settings import Settings, load_settings
from flows.shown import Bar, Shown
from flows.telling import listener, told_to
from sources.collect import Collector
from warehouse import Change, Loaded
from warehouse.load import Say

# A flow that ends waits for the thread of its heartbeat, which sleeps a second at a time: each run would end
# up to a second late. The thread ends by itself, and holds no process up.
flow_engine._send_heartbeats = partial(flow_engine._send_heartbeats, join_on_exit=False)  # noqa: SLF001

OPTIONS: Final = ("data", "site", "pause", "contact", "lang", "now")
"""Parameters of every flow that are settings of the call."""


def passes_by_itself(_task: object, _run: object, state: Any) -> bool:
    """Prefect asks this before it tries again: only what is transient is worth it.

    What a deployed run cannot reach may be there in a minute; a person at a terminal is told at once.
    """
    ended = state.result(raise_on_failure=False)
    return isinstance(ended, Transient) or (
        isinstance(ended, Unreachable) and runtime.deployment.id is not None
    )


A_LINE: Final = 50
"""Releases that one line of the log names."""

PlanOf = Callable[[Collector, Memory, Settings], Plan]
P = ParamSpec("P")
R = TypeVar("R")


def task_of(name: str, function: Callable[P, R]) -> Task[P, R]:
    """A task; what tasks pass on (a client, a lock) lives in this process, and is not stored."""
    return Task(
        function,
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=exponential_backoff(backoff_factor=30),
        retry_jitter_factor=0.5,
        retry_condition_fn=passes_by_itself,
    )


def step(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The function as a task that is called like the function itself."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        task: Any = task_of(name, function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            # Prefect looks for results of other tasks in all that is passed, each value of it twice: it took
            # seconds for what the archive knows of 30,000 pages. No step waits for another one.
            done: R = task(*map(quote, args), **{name: quote(value) for name, value in kwargs.items()})
            return done

        return call

    return wrap


def deployed(name: str, *, timeout: timedelta | None = None) -> Callable[[Callable[P, R]], Flow[P, R]]:
    """A flow of a deployment: whatever ends it, the operator hears of it; after `timeout` it is ended."""
    return flow_of(
        name=name,
        persist_result=False,
        timeout_seconds=None if timeout is None else timeout.total_seconds(),
        on_failure=[tell_operator],
        on_crashed=[tell_operator],
    )


@step("mend the log")
def mend(settings: Settings) -> tuple[str, ...]:
    """Seal what killed runs left."""
    return steps.mend(settings)


@step("load")
def load(settings: Settings) -> Loaded:
    """Bring the archive up to date with the log."""
    return load_and_name(settings, say=get_run_logger().info)


def load_and_name(settings: Settings, *, say: Say) -> Loaded:
    """Load; each version that came is named in the log, and is an event."""
    loaded = steps.load(settings, say=say)
    for line in _named(loaded.changes):
        say(line)
    for event in events(change for change in loaded.changes if change.run_kind != "rebuild"):
        emit_event(event.name, resource={"prefect.resource.id": event.resource_id}, payload=event.payload)
    return loaded


def _named(changes: Iterable[Change]) -> Iterator[str]:
    """What the log says of changes: ids alone, no word of a page.

    Some to a line: each line is a message to the server, and a first run has thousands of changes.
    """
    for run_id, change, some in by_run(changes, A_LINE):
        named = ", ".join(f"{one.release_id} (version {one.version})" for one in some)
        yield f"run {run_id}: {change} {named}"


@step("tell")
def tell(settings: Settings, concerns: tuple[Concern, ...]) -> Delivered:
    """Write the feeds and send what waits in the outbox."""
    return steps.tell(settings, concerns)


@step("read again")
def read_again(settings: Settings, captures: Sequence[tuple[str, Trouble]]) -> tuple[Trouble, ...]:
    """Read quarantined bytes again; what still cannot be read."""
    return again.read_again(settings, captures)


discover = step("discover")(jobs.discover)
fetch = step("fetch")(jobs.fetch)


@step("report")
def report(settings: Settings, run_id: str) -> RunReport:
    """Say what the run did, in artifacts that Prefect keeps."""
    found = report_of(settings.archive, run_id)
    key = f"run-{run_id}".lower()
    create_table_artifact(table=[found.counts()], key=key, description="The ledger of this run.")
    create_markdown_artifact(markdown=found.markdown(), key=f"{key}-report")
    get_run_logger().info("run %s: %s", run_id, found.line())
    return found


def _noted(plan: PlanOf) -> PlanOf:
    """The same plan; the log then names the run before its first page, for whoever finds it killed."""

    def noting(asking: Collector, memory: Memory, settings: Settings) -> Plan:
        planned = plan(asking, memory, settings)
        get_run_logger().info("run %s: %d pages to ask", asking.run_id, len(planned.pages))
        return planned

    return noting


def run_job(
    settings: Settings, plan: PlanOf, *, retry: str | None = None, kind: str = jobs.DAILY
) -> RunReport:
    """The job of `flows.jobs` with these tasks, its pages found by `plan`, and its report.

    With `retry` what did not end well in that run is taken up again. What ended the job early is raised only
    after what was fetched until then is loaded and reported.
    """
    heard, shown = listener(), Shown(Bar("Pages asked, of those planned."))

    def progress(done: int, total: int) -> None:
        heard.progress(done, total)
        shown.tell(done, total)

    do = Steps(
        mend=mend,
        load=load,
        discover=_noted(plan),
        fetch=fetch,
        tell=tell,
        read_again=read_again,
        say=get_run_logger().warning,
        kind=kind,
    )
    with told_to(replace(heard, progress=progress)):
        done = jobs.daily(settings, do) if retry is None else jobs.retry(settings, do, retry)
    found = report(settings, done.run_id) if done.asked else report_of(settings.archive, done.run_id)
    if done.stopped is not None:
        raise done.stopped
    return done.said_in(found)


def tell_operator(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Hook of a flow that failed or crashed: say so on the operator's channel.

    A run that told so itself, before it ended, is not told twice: the topic is the same.
    """
    given = {name: value for name, value in flow_run.parameters.items() if name in OPTIONS}
    steps.tell(load_settings(**given), (Concern("run", 1, f"{flow.name}: {state.message}"),))
