"""The jobs: which steps in which order. No Prefect here; a flow passes its tasks in place of plain steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from alerts import Concern, Delivered
from extractors.errors import Stop
from flows import collecting, steps
from flows.collecting import Memory, Plan
from flows.settings import Settings
from flows.telling import listener
from sources.collect import Collector
from warehouse import Loaded

BATCH: Final = 100
"""Pages a task: at 3 s a page a batch is five minutes, so what a task costs does not show."""


def discover(asking: Collector, memory: Memory, settings: Settings) -> Plan:
    """Ask the lists and plan the pages."""
    return collecting.plan(asking, memory, now=settings.clock(), policy=collecting.policy_of(settings))


def look(asking: Collector, memory: Memory, settings: Settings) -> Plan:
    """Ask the lists and plan only the pages that the archive does not know: nothing is asked again."""
    found = discover(asking, memory, settings)
    return replace(found, pages=tuple(page for page in found.pages if page not in memory.known))


def fetch(asking: Collector, pages: Sequence[str], done: int, total: int) -> int:
    """Ask one batch of pages, after `done` of all `total` ones."""
    tell = listener().progress
    return collecting.fetch(asking, pages, lambda here, _batch: tell(done + here, total))


@dataclass(frozen=True, slots=True)
class Steps:
    """What a job calls: the plain steps, or tasks that wrap them."""

    mend: Callable[[Settings], Any] = steps.mend
    load: Callable[[Settings], Loaded] = steps.load
    discover: Callable[[Collector, Memory, Settings], Plan] = discover
    fetch: Callable[[Collector, Sequence[str], int, int], Any] = fetch
    tell: Callable[[Settings, tuple[Concern, ...]], Delivered] = steps.tell
    say: steps.Say = steps.silent


@dataclass(frozen=True, slots=True)
class Done:
    """One run that was at the site: its id, and what ended the fetching early, if anything did."""

    run_id: str
    stopped: Stop | None = None
    notes: tuple[str, ...] = field(default=())


def daily(settings: Settings, do: Steps) -> Done:
    """Fetch what is new or due, read it, and load it: the whole daily job once.

    It begins with what a killed run left in the log and ends with telling people. `Stop` where the lists
    cannot be had: then nothing is loaded. A `Stop` later comes back in `Done`: what was fetched is loaded.
    """
    try:
        done = at_the_site(settings, do)
        do.load(settings)
    except Stop as stop:
        # The run's own end is in the log, which is not loaded now: the operator must hear of it all the same.
        tell(settings, do, (Concern("run", getattr(stop, "level", 1), str(stop)),))
        raise
    tell(settings, do, () if done.stopped is None else (Concern("run", 1, str(done.stopped)),))
    return done


def at_the_site(settings: Settings, do: Steps) -> Done:
    """Everything that needs the site's one place: a run that waited must know what the other brought home."""
    with collecting.the_site_s_place(settings):
        do.mend(settings)
        do.load(settings)
        return collect(settings, do)


def tell(settings: Settings, do: Steps, concerns: tuple[Concern, ...]) -> None:
    """Send what waits; what could not be sent is said, and waits on."""
    for problem in do.tell(settings, concerns).problems:
        do.say(problem)
        listener().note(problem)


def collect(settings: Settings, do: Steps) -> Done:
    """Ask the site for what is new or due, into the log."""
    memory, run_id = collecting.recollect(settings), steps.new_id()
    planned: Plan | None = None
    try:
        with collecting.collector(settings, memory, kind="run", run_id=run_id, locked=True) as asking:
            planned = do.discover(asking, memory, settings)
            for note in planned.notes:
                do.say(note)
                listener().note(note)
            done = 0
            for pages in collecting.batches(planned.pages, BATCH):
                do.fetch(asking, pages, done, len(planned.pages))
                done += len(pages)
    except Stop as stop:
        # Without a plan no page was fetched: there is nothing to load, and the archive stays as it was.
        if planned is None:
            raise
        return Done(run_id, stop, planned.notes)
    return Done(run_id, None, planned.notes)
