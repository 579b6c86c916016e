"""`moej backfill`: month pages back in time, newest first, each month a run of its own in the log.

What is still owed is read from the archive (`flows.owed`), so stopping costs nothing: the next call goes on
where the raw archive ends, whatever ended this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import warehouse
from extractors.errors import Stop
from extractors.site import JAPAN
from flows import steps
from flows.months import Stopped, Tell, Wanted, Work, shelf_in, walk
from flows.owed import FIRST, Owed, Span
from flows.settings import Settings
from sources import month_of
from sources.discover import Month
from warehouse.load import Say, silent

_ASKED: Final = """
SELECT DISTINCT page FROM captures SEMI JOIN (FROM run_notes WHERE kind = 'backfill') USING (run_id)
WHERE family = 'listing'
"""
# Lists that could not be had are noted where they are asked.
_BAD: Final = """
SELECT page, max_by(verdict, fetched_at) AS verdict, max_by(reason, fetched_at) AS reason,
       max_by(detail, fetched_at) AS detail
FROM captures SEMI JOIN (SELECT unnest(?) AS run_id) USING (run_id)
WHERE family IN ('release', 'file') GROUP BY page
HAVING max_by(verdict, fetched_at) IN ('unreadable', 'blocked', 'maintenance', 'truncated', 'error')
ORDER BY page
"""


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What one call did, and what is left.

    `notes` name the months without a page. `troubles` are lists and pages that gave no good answer: they are
    still owed. `ended_by` says what ended it early.
    """

    months: int
    answers: int
    owed: Owed
    run_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    ended_by: Stop | None = None

    @property
    def was_stopped(self) -> bool:
        """Whether it ended on request."""
        return isinstance(self.ended_by, Stopped)


def span_of(settings: Settings, first: Month = FIRST, last: Month | None = None) -> Span:
    """From a month to another one, by default to the current one in Japan."""
    today = settings.clock().astimezone(JAPAN)
    return Span(first, last or (today.year, today.month))


def owed(settings: Settings, span: Span) -> Owed:
    """What this span owes, by what is loaded; everything, where there is no archive yet."""
    return shelf_in(settings).owed(span)


def begun(settings: Settings) -> Span | None:
    """The months whose lists backfills have asked for so far; None if there was none."""
    with warehouse.open_archive(settings.archive) as archive:
        asked = (month_of(row["page"]) for row in archive.rows(_ASKED))
        months = [month for month in asked if month is not None]
    return Span(min(months), max(months)) if months else None


def backfill(  # noqa: PLR0913 - who wants its end, who is told, and what a load does besides
    settings: Settings,
    span: Span,
    *,
    stop: Wanted = lambda: False,
    tell: Tell = lambda _done, _left: None,
    say: Say = silent,
    load: steps.Load = steps.load,
) -> Backfilled:
    """Fetch what the span owes, newest month first, and load it as it comes.

    A `Stop` by the site or by `stop` comes back in the result, after what was fetched is loaded.
    """
    steps.mend(settings)
    load(settings, say=say)
    work = Work(settings, stop, tell, say, load)
    ended_by = walk(work, span)
    load(settings, say=say)
    return Backfilled(
        months=work.months,
        answers=work.answers,
        owed=owed(settings, span),
        run_ids=tuple(work.run_ids),
        notes=tuple(work.notes),
        troubles=(*work.troubles, *_bad(settings, work.run_ids)),
        ended_by=ended_by,
    )


def _bad(settings: Settings, run_ids: Sequence[str]) -> tuple[str, ...]:
    """The pages that these runs had and nobody can read, one line each."""
    if not run_ids or not settings.archive.exists():
        return ()
    with warehouse.open_archive(settings.archive) as archive:
        rows = archive.rows(_BAD, [list(run_ids)])
    return tuple(f"{row['page']}: {row['verdict']}: {row['reason'] or row['detail']}" for row in rows)
