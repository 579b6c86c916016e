"""The steps that ask the site: open a collector, plan what is due, fetch it in batches. No Prefect here."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import extractors
import warehouse
from extractors.site import JAPAN
from flows.attachments import Files, Gatherer, files_of
from flows.settings import Settings
from flows.steps import log_of, new_id
from sources import Known, RunNote, Site, collector_lock, family
from sources.breaker import Breaker
from sources.budget import DailyBudget
from sources.collect import Collector
from sources.discover import discover
from sources.manners import Manners
from sources.recheck import Aged, Policy, due
from warehouse.load import Progress

SOFTWARE: Final = "moej/0.1.0"
FRESH_FOR: Final = timedelta(days=1)

_NEWEST: Final = "SELECT lang, max(published_on) AS newest FROM releases GROUP BY lang"
# A page whose last answer was no good is doubtful: it is asked again a day later, whatever its age. Of two
# releases at one address the newer one is meant: the older was taken over, which nobody calls withdrawn.
_AGED: Final = """
WITH asked AS (
    SELECT page, max(fetched_at) AS asked_at, max_by(verdict, fetched_at) AS verdict
    FROM captures GROUP BY page
),
listed AS (
    SELECT page FROM listings SEMI JOIN (
        FROM run_notes WHERE kind = 'run' AND status = 'done' ORDER BY started_at DESC LIMIT 1
    ) USING (run_id)
)
SELECT url AS page, max(published_on) AS published_on, any_value(asked_at) AS asked_at,
       max_by(verdict NOT IN ('good', 'unchanged') AND withdrawn_at IS NULL, published_on) AS doubtful,
       any_value(page IN (FROM listed)) AS listed
FROM releases JOIN asked ON page = url GROUP BY url
"""
# Pages that a killed run has brought home whole. Any run that ended since has asked for them again anyway.
_FRESH: Final = """
SELECT DISTINCT page FROM captures JOIN run_notes n USING (run_id)
WHERE n.finished_at IS NULL AND n.started_at >= ? AND verdict IN ('good', 'unchanged')
  AND NOT EXISTS (FROM run_notes e WHERE e.finished_at IS NOT NULL AND e.kind = n.kind
                  AND e.started_at >= n.started_at)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will ask, in order, and what there is to note about the lists."""

    pages: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What the archive says to a run that is about to begin.

    `elsewhere` are pages it knows whose bytes lie in another machine's raw archive: nothing can be asked
    about them with a condition.
    """

    known: Mapping[str, Known]
    newest: Mapping[str, date]
    aged: tuple[Aged, ...]
    fresh: frozenset[str]
    files: Files = field(default_factory=Files)
    elsewhere: frozenset[str] = frozenset()


def recollect(settings: Settings) -> Memory:
    """What the archive knows; nothing before the first load."""
    if not settings.archive.exists():
        return Memory({}, {}, (), frozenset())
    since = settings.clock() - FRESH_FOR
    here = {file.name for file in log_of(settings).sealed()} if settings.lake else None
    with warehouse.open_archive(settings.archive) as archive:
        known = archive.known(here=here)
        return Memory(
            known=known,
            newest={row["lang"]: row["newest"] for row in archive.rows(_NEWEST)},
            aged=tuple(Aged(**row) for row in archive.rows(_AGED)),
            fresh=frozenset(row["page"] for row in archive.rows(_FRESH, [since])),
            files=files_of(archive),
            elsewhere=frozenset() if here is None else frozenset(archive.known()) - set(known),
        )


def collector(  # noqa: PLR0913 - what differs between the kinds of run
    settings: Settings,
    memory: Memory,
    *,
    kind: str,
    run_id: str | None = None,
    files_again: bool = False,
    breaker: Breaker | None = None,
    locked: bool = False,
) -> Gatherer:
    """The one client at the site, not opened yet; `kind` is run, watch, backfill or recheck.

    `locked` says that the caller holds `the_site_s_place` already.

    It brings the files of each page too (`flows.attachments`), unless the settings say not to; with
    `files_again` those the archive has are asked conditionally. Runs that are one piece of work share a
    `breaker`: a site that is down must not be asked again by each of them.
    """
    note = RunNote(
        run_id=run_id or new_id(),
        kind=kind,
        site=Site(settings.site).base,
        started_at=settings.clock(),
        software=SOFTWARE,
    )
    return Gatherer(
        log_of(settings),
        note,
        clock=settings.clock,
        new_id=new_id,
        read_listing=extractors.read_listing,
        known=memory.known,
        fresh=memory.fresh,
        contact=settings.contact,
        manners=Manners(pause=settings.pause, max_file=settings.max_file),
        budget=DailyBudget(settings.state, settings.request_budget, settings.clock),
        lock_wait=settings.lock_wait,
        files=memory.files if settings.attachments else None,
        again=files_again,
        breaker=breaker,
        locked=locked,
    )


def the_site_s_place(settings: Settings) -> AbstractContextManager[None]:
    """The lock that lets one client at a time ask the site; `Stop` names who holds it after the wait."""
    return collector_lock(settings.log, wait=settings.lock_wait, clock=settings.clock)


def plan(asking: Collector, memory: Memory, *, now: datetime, policy: Policy) -> Plan:
    """Ask the lists, and add the known pages that are due; `Stop` if the index cannot be had or read."""
    found = discover(
        asking.listing, site=asking.site, newest=memory.newest, today=now.astimezone(JAPAN).date()
    )
    again = due(memory.aged, now=now, policy=policy)
    pages = dict.fromkeys((*found.pages, *(page for page in again if family(page) == "release")))
    return Plan(tuple(pages), found.notes)


def fetch(asking: Collector, pages: Iterable[str], progress: Progress | None = None) -> int:
    """Ask pages one after the other into the log; how many gave an answer or a noted failure."""
    return sum(1 for _ in asking.pages(pages, progress))


def policy_of(settings: Settings) -> Policy:
    """The recheck policy these settings hold."""
    return Policy(**settings.recheck.model_dump())


def batches(pages: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """The pages in pieces: a task costs milliseconds, and a page in a task of its own would pay them each."""
    return (pages[start : start + size] for start in range(0, len(pages), size))
