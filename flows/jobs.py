"""The jobs: which steps in which order. No Prefect here; a flow passes its tasks in place of plain steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from alerts import Concern, Delivered
from extractors.errors import Stop
from flows import collecting, steps
from flows.again import Again, again, read_again, the_run
from flows.collecting import Memory, Plan
from flows.report import RunReport, Trouble
from flows.settings import Settings
from flows.telling import listener
from sources.collect import Collector
from warehouse import Loaded
from warehouse.load import Say, silent

DAILY: Final = "run"
WATCH: Final = "watch"
"""The hourly look has a kind of its own: one that goes well must not hide that the daily run is missing."""
BATCH: Final = 1000
"""Pages a task, at 3 s a page most of an hour: a task costs, and how far a run is shows by the clock."""


def discover(asking: Collector, memory: Memory, settings: Settings) -> Plan:
    """Ask the lists and plan the pages."""
    return collecting.plan(asking, memory, now=settings.clock(), policy=collecting.policy_of(settings))


def look(asking: Collector, memory: Memory, settings: Settings) -> Plan:
    """Ask the lists and plan only the pages that the archive does not know: nothing is asked again."""
    found = discover(asking, memory, settings)
    had = memory.known.keys() | memory.elsewhere
    return replace(found, pages=tuple(page for page in found.pages if page not in had))


def fetch(asking: Collector, pages: Sequence[str], done: int, total: int) -> int:
    """Ask one batch of pages, after `done` of all `total` ones."""
    tell = listener().progress
    return collecting.fetch(asking, pages, lambda here, _batch: tell(done + here, total))


@dataclass(frozen=True, slots=True)
class Steps:
    """What a job calls: the plain steps, or tasks that wrap them; `kind` is what the log calls its run."""

    mend: Callable[[Settings], Any] = steps.mend
    load: Callable[[Settings], Loaded] = steps.load
    discover: Callable[[Collector, Memory, Settings], Plan] = discover
    fetch: Callable[[Collector, Sequence[str], int, int], Any] = fetch
    tell: Callable[[Settings, tuple[Concern, ...]], Delivered] = steps.tell
    read_again: Callable[[Settings, Sequence[tuple[str, Trouble]]], tuple[Trouble, ...]] = read_again
    say: Say = silent
    kind: str = DAILY


@dataclass(frozen=True, slots=True)
class Done:
    """What a job did: the run it is about, and what ended the fetching early, if anything did.

    `asked` is False where the site was not asked and the run is one of before; `left` are pages of that run
    that still cannot be read.
    """

    run_id: str
    stopped: Stop | None = None
    notes: tuple[str, ...] = field(default=())
    asked: bool = True
    left: tuple[Trouble, ...] = ()

    def said_in(self, report: RunReport) -> RunReport:
        """The report on `run_id` as this job has to give it: nothing that another run did long ago."""
        if self.asked:
            return replace(report, troubles=(*report.troubles, *self.left))
        return replace(report, news=(), troubles=self.left)


def daily(settings: Settings, do: Steps) -> Done:
    """Fetch what is new or due, read it, and load it: the whole daily job once.

    It begins with what a killed run left in the log and ends with telling people. `Stop` where the lists
    cannot be had: then nothing is loaded. A `Stop` later comes back in `Done`: what was fetched is loaded.
    """
    return finished(settings, do, at_the_site)


def retry(settings: Settings, do: Steps, given: str) -> Done:
    """Take up again what failed or was quarantined in a run, named by its id or the beginning of one.

    Pages that brought no good bytes are asked again, with the files of those that come now; bytes that could
    not be read are read again; what later runs mended is left alone. `Usage` if there is no such run.
    """
    run_id, kind = the_run(settings, given)
    return finished(settings, do, partial(once_more, run_id=run_id, kind=kind))


def finished(settings: Settings, do: Steps, work: Callable[[Settings, Steps], Done]) -> Done:
    """Do the work, load what it brought, and tell people; nothing of that where nothing was asked."""
    try:
        done = work(settings, do)
        if done.asked:
            do.load(settings)
    except Stop as stop:
        # The run's own end is in the log, which is not loaded now: the operator must hear of it all the same.
        tell(settings, do, (Concern("run", getattr(stop, "level", 1), str(stop)),))
        raise
    if done.asked:
        tell(settings, do, () if done.stopped is None else (Concern("run", 1, str(done.stopped)),))
    return done


def at_the_site(settings: Settings, do: Steps) -> Done:
    """Everything that needs the site's one place: a run that waited must know what the other brought home."""
    with collecting.the_site_s_place(settings):
        do.mend(settings)
        do.load(settings)
        return collect(settings, do)


def once_more(settings: Settings, do: Steps, *, run_id: str, kind: str) -> Done:
    """Take up what is left of a run: a better extractor or a later run may have mended it before."""
    with collecting.the_site_s_place(settings):
        do.mend(settings)
        do.load(settings)
        owed = again(settings, run_id, kind)
        say(do, owed.words())
        left = do.read_again(settings, owed.captures) if owed.captures else ()
        if not owed.pages:
            return Done(run_id, asked=False, left=left)
        return replace(collect(settings, planning(do, owed), kind=owed.kind), left=left)


def planning(do: Steps, owed: Again) -> Steps:
    """The same steps with a plan that asks for no list."""
    return replace(do, discover=lambda _asking, _memory, _settings: Plan(owed.pages))


def say(do: Steps, text: str) -> None:
    """A line to the log of the run and to whoever listens in this process."""
    do.say(text)
    listener().note(text)


def tell(settings: Settings, do: Steps, concerns: tuple[Concern, ...]) -> None:
    """Send what waits; what could not be sent is said, and waits on."""
    for problem in do.tell(settings, concerns).problems:
        say(do, problem)


def collect(settings: Settings, do: Steps, *, kind: str | None = None) -> Done:
    """Ask the site for what is new or due, into the log."""
    memory, run_id = collecting.recollect(settings), steps.new_id()
    planned: Plan | None = None
    try:
        with collecting.collector(
            settings, memory, kind=kind or do.kind, run_id=run_id, locked=True
        ) as asking:
            planned = do.discover(asking, memory, settings)
            for note in planned.notes:
                say(do, note)
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
