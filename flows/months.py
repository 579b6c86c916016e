"""The walk of a backfill: month after month back in time, each a run of its own in the log.

Between two loads the walk itself remembers what it had; whoever else is at the site meanwhile is caught up
with before each month.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import warehouse
from extractors.errors import Skip, Stop
from flows import collecting, steps
from flows.attachments import Files, Gatherer, files_of
from flows.collecting import Memory
from flows.owed import Shelf, Span, Unit, named, shelf_of
from flows.settings import Settings
from sources import Capture, Failure, Known
from sources.breaker import Breaker
from sources.collect import Collector, NoListing
from sources.discover import Month, merge
from sources.manners import Manners
from sources.verdict import GONE, GOOD, UNCHANGED
from warehouse.load import Say

KIND: Final = "backfill"
LOAD_AFTER: Final = 300
"""Answers after which what was fetched is loaded: a quarter of an hour at 3 s, and a load takes seconds."""

Wanted = Callable[[], bool]
"""Whether somebody wants the backfill to end after the page it is at."""
Tell = Callable[[int, int], None]
"""Takes how many requests were answered, and how many more are expected by now."""


class Stopped(Stop):
    """Somebody asked the backfill to end; what it fetched is kept."""


@dataclass(slots=True)
class Work:
    """One call while it goes on: what the archive said at the last load, and what was learnt since."""

    settings: Settings
    stop: Wanted
    tell: Tell
    say: Say
    load: steps.Load
    memory: Memory = field(default_factory=lambda: Memory({}, {}, (), frozenset()))
    breaker: Breaker = field(default_factory=lambda: Breaker(Manners().breaker))
    shelf: Shelf = field(default_factory=Shelf)
    files: frozenset[str] = frozenset()
    known: dict[str, Known] = field(default_factory=dict)
    had: set[str] = field(default_factory=set)
    expected: int = 0
    answers: int = 0
    unloaded: int = 0
    months: int = 0
    run_ids: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def look(self, span: Span) -> None:
        """Take what the archive says now, and of which files."""
        self.files, self.shelf = _loaded(self.settings), shelf_in(self.settings)
        self.memory = collecting.recollect(self.settings)
        self.known, self.had = dict(self.memory.known), set(self.shelf.had)
        self.unloaded, self.expected = 0, self.shelf.owed(span).requests
        self.tell(self.answers, self.expected)

    def check(self) -> None:
        """`Stopped` if somebody wants the end; called between two pages."""
        if self.stop():
            raise Stopped("stopped on request after the page it was at; the same command goes on from there")

    def answered(self, answer: Capture | Failure) -> None:
        """Count an answer, and keep of it what the next month's run must know before the next load."""
        self.answers, self.unloaded = self.answers + 1, self.unloaded + 1
        self.expected = max(0, self.expected - 1)
        if isinstance(answer, Failure):
            self.troubles.append(f"{answer.page}: {answer.reason}: {answer.detail}")
        elif answer.verdict in {GOOD, UNCHANGED, GONE}:
            self.had.add(answer.page)
        self.tell(self.answers, self.expected)

    def collector(self, run_id: str) -> Gatherer:
        """The client for one month."""
        memory = replace(self.memory, known=self.known, fresh=frozenset())
        return collecting.collector(
            self.settings, memory, kind=KIND, run_id=run_id, breaker=self.breaker, locked=True
        )


def walk(work: Work, span: Span) -> Stop | None:
    """Fetch what the span owes, newest month first, loading now and then; what ended it early."""
    try:
        for month in _months(work, span):
            with collecting.the_site_s_place(work.settings):
                _catch_up(work, Span(span.first, month))
                _month(work, work.shelf.unit(month))
    except Stop as error:
        return error
    return None


def shelf_in(settings: Settings) -> Shelf:
    """What the archive of these settings holds; nothing, where there is none yet."""
    if not settings.archive.exists():
        return Shelf()
    with warehouse.open_archive(settings.archive) as archive:
        files = files_of(archive) if settings.attachments else Files()
        return shelf_of(archive, files=files)


def _loaded(settings: Settings) -> frozenset[str]:
    """The files of the log that the archive holds."""
    if not settings.archive.exists():
        return frozenset()
    with warehouse.open_archive(settings.archive) as archive:
        return frozenset(archive.loaded_files())


def _files(settings: Settings) -> frozenset[str]:
    """The files of the log."""
    return frozenset(file.name for file in steps.log_of(settings).sealed())


def _months(work: Work, span: Span) -> Iterator[Month]:
    """The months that owe something; every so often all is loaded, and what is left is looked up anew."""
    work.look(span)
    for month in span.months:
        if work.unloaded >= LOAD_AFTER:
            work.load(work.settings, say=work.say)
            work.look(Span(span.first, month))
        if not work.shelf.unit(month).is_done:
            work.check()
            yield month


def _catch_up(work: Work, span: Span) -> None:
    """Know what others brought home who had the site's place since: nothing of it is asked again."""
    steps.mend(work.settings)
    if not _files(work.settings) <= work.files:
        work.load(work.settings, say=work.say)
        work.look(span)


def _month(work: Work, unit: Unit) -> None:
    """One run: the lists of a month that are not final, then the pages and files that are not had."""
    if unit.is_done:
        return
    run_id = steps.new_id()
    with work.collector(run_id) as asking:
        work.run_ids.append(run_id)
        listed = [page for url in unit.lists for page in _listed(work, asking, unit.month, url)]
        for page in dict.fromkeys((*unit.pages, *listed)):
            if page not in work.had:
                for answer in asking.pages([page]):
                    work.answered(answer)
                    work.check()
        for file in unit.files:
            work.answered(asking.page(file))
            work.check()
        _learn(work.known, asking.outcomes())
    work.files |= _files(work.settings)
    work.months += 1


def _listed(work: Work, asking: Collector, month: Month, url: str) -> tuple[str, ...]:
    """The press pages that a month's list names; none, with a note, where there is no list."""
    work.check()
    work.unloaded += 1
    try:
        listing = asking.listing(url)
    except Skip as error:
        gone = isinstance(error, NoListing) and error.verdict == GONE
        (work.notes if gone else work.troubles).append(f"{named(month)}: {error}")
        work.say(f"no list for {named(month)}: {error}")
        return ()
    return tuple(each.page for each in merge([listing], site=asking.site) if each.fetched)


def _learn(known: dict[str, Known], outcomes: Iterable[Capture | Failure]) -> None:
    """Keep what a run was told: the next run, before any load, must not ask for robots.txt again."""
    for one in outcomes:
        if not isinstance(one, Capture):
            continue
        if one.verdict == GOOD:
            known[one.page] = Known(
                page=one.page,
                digest=one.digest,
                capture_id=one.capture_id,
                url=one.url,
                fetched_at=one.fetched_at,
                asked_at=one.fetched_at,
                etag=one.etag,
                last_modified=one.last_modified,
            )
        elif one.verdict == UNCHANGED and one.page in known:
            known[one.page] = replace(known[one.page], asked_at=one.fetched_at)
