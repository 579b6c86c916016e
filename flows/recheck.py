"""`moej recheck`: ask again, conditionally, for the known pages of the last days, with all their files.

The daily run asks what its policy says is due; this asks everything of a span at once, for a person who
wants to know now whether anything was corrected or withdrawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import warehouse
from extractors.errors import Stop, Usage
from extractors.site import JAPAN
from flows import collecting, steps
from flows.collecting import Memory
from flows.report import RunReport, report_of
from flows.settings import Settings
from sources import family
from sources.recheck import Aged, Cost, cost
from warehouse.load import Progress, Say, silent

KIND: Final = "recheck"
DAYS: Final = 90
"""Releases of so many days are asked again, unless a person says otherwise."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """How many pages were asked again, what came of it (None: nothing to ask), and what ended it early."""

    pages: int
    report: RunReport | None = None
    ended_by: Stop | None = None


def known_since(aged: Iterable[Aged], *, now: datetime, days: int) -> tuple[str, ...]:
    """The press pages published in the last `days` days by the Ministry's calendar, newest first."""
    since = now.astimezone(JAPAN).date() - timedelta(days=days)
    young = [each for each in aged if each.published_on >= since and family(each.page) == "release"]
    young.sort(key=lambda each: (-each.published_on.toordinal(), each.page))
    return tuple(dict.fromkeys(each.page for each in young))


def recheck(
    settings: Settings,
    *,
    days: int,
    progress: Progress | None = None,
    say: Say = silent,
    load: steps.Load = steps.load,
) -> Rechecked:
    """Ask again for what was published in the last `days` days, then load what came.

    `Usage` for fewer than one day, `Stop` without an archive, for there is nothing known to ask for, and
    where another client is at the site. A `Stop` by the site comes back in the result, after what was
    fetched is loaded.
    """
    if days < 1:
        raise Usage(f"--days: found {days}, expected one day or more")
    run_id = steps.new_id()
    # What another run brought home while this one waited is known then: nothing of it is moved twice.
    with collecting.the_site_s_place(settings):
        steps.mend(settings)
        load(settings, say=say)
        warehouse.open_archive(settings.archive).close()
        memory = collecting.recollect(settings)
        pages = known_since(memory.aged, now=settings.clock(), days=days)
        if not pages:
            return Rechecked(0)
        ended_by = _ask(settings, memory, pages, run_id=run_id, progress=progress)
    load(settings, say=say)
    return Rechecked(len(pages), report_of(settings.archive, run_id), ended_by)


def _ask(
    settings: Settings,
    memory: Memory,
    pages: tuple[str, ...],
    *,
    run_id: str,
    progress: Progress | None,
) -> Stop | None:
    try:
        with collecting.collector(
            settings, memory, kind=KIND, run_id=run_id, files_again=True, locked=True
        ) as asking:
            collecting.fetch(asking, pages, progress)
    except Stop as stop:
        return stop
    return None


def cost_of(settings: Settings, memory: Memory) -> Cost:
    """What the recheck policy of these settings costs on an average day, with what the archive holds now."""
    today = settings.clock().astimezone(JAPAN).date()
    return cost(memory.aged, today=today, policy=collecting.policy_of(settings))
