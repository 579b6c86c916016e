"""The backfill as a flow: month pages back in time, `flows.backfill` as a Prefect task with its progress."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from pydantic import Field

from flows import backfill as job
from flows.backfill import Backfilled
from flows.owed import FIRST, Span, month_from, named, still
from flows.parameters import Contact, Data, Lang, Now, Pause, SiteUrl
from flows.report import RunReport, report_of
from flows.settings import Settings, load_settings
from flows.shown import Bar, Shown
from flows.tasks import deployed, load_and_name, step

OLDEST: Final = named(FIRST)
MONTH: Final = r"^(19|20)\d{2}-(0[1-9]|1[0-2])$"

First = Annotated[str, Field(pattern=MONTH)]
Last = Annotated[str | None, Field(pattern=MONTH)]


def markdown(done: Backfilled, *, today: datetime) -> str:
    """What one call did, and what is left, as Markdown."""
    return (
        f"## Backfill\n\n{done.answers} pages and files answered, {done.months} months gone through, "
        f"{len(done.troubles)} lists and pages without a good answer.\n\n"
        f"{still(done.owed, today)}"
    )


def ledger(reports: Iterable[RunReport]) -> list[dict[str, Any]]:
    """The ledger of each month's run, newest month first."""
    return [{"run": one.run_id, **one.counts(), "cost": one.cost()} for one in reports]


@step("walk back")
def walk_back(settings: Settings, span: Span) -> Backfilled:
    """Fetch what the span owes, newest month first; a second try goes on where the first one ended."""
    shown = Shown(Bar("Backfill: answers had, of those expected."))
    shown.show(0, 1)
    done = job.backfill(
        settings,
        span,
        tell=lambda had, left: shown.tell(had, had + left),
        say=get_run_logger().info,
        load=load_and_name,
    )
    # The lists of this month are owed for ever: what came to its end by itself is all there is now.
    left = 0 if done.ended_by is None else done.owed.requests
    shown.show(done.answers, done.answers + left)
    return done


# No timeout: the whole archive takes days, and whatever ends it, the next call goes on from there.
@deployed("backfill")
def backfill(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    first: First = OLDEST,
    last: Last = None,
    data: Data = None,
    site: SiteUrl = None,
    pause: Pause = None,
    contact: Contact = None,
    lang: Lang = None,
    now: Now = None,
) -> None:
    """Fetch the months from the newest back to the oldest, as far as they are not in the archive.

    Args:
        first: The oldest month, as 2013-01.
        last: The newest month, as 2024-12; the current one if empty.
        data: Folder of the archive; MOEJ_DATA if empty.
        site: Where the site is reached; MOEJ_SITE if empty.
        pause: Seconds between two requests; MOEJ_PAUSE if empty.
        contact: Who answers for the requests; MOEJ_CONTACT if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    oldest = month_from(first, option="first")
    newest = month_from(last, option="last") if last is not None else None
    done = walk_back(settings, job.span_of(settings, oldest, newest))
    create_markdown_artifact(markdown=markdown(done, today=settings.clock()), key="backfill-report")
    reports = [report_of(settings.archive, run_id) for run_id in done.run_ids]
    create_table_artifact(table=ledger(reports), key="backfill-ledger", description="Its runs.")
    for report in reports:
        get_run_logger().info("run %s: %s", report.run_id, report.line())
    for trouble in done.troubles:
        get_run_logger().warning(trouble)
    if done.ended_by is not None:
        raise done.ended_by
