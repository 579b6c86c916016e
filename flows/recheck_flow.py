"""The weekly flow: ask again for all releases of a span, `flows.recheck` as a Prefect task."""

from typing import Annotated

from prefect import get_run_logger
from pydantic import Field

from flows import recheck as job
from flows.parameters import Contact, Data, Lang, Now, Pause, SiteUrl
from flows.recheck import Rechecked
from flows.report import RunReport
from flows.settings import Settings, load_settings
from flows.shown import Bar, Shown
from flows.tasks import deployed, load_and_name, report, step, tell
from flows.timetable import limit_of

Days = Annotated[int, Field(ge=1)]


@step("ask again")
def ask_again(settings: Settings, days: int) -> Rechecked:
    """Ask for the pages of the span with all their files, and load what came."""
    shown = Shown(Bar("Recheck: pages asked, of those published in its days."))
    return job.recheck(
        settings, days=days, progress=shown.tell, say=get_run_logger().info, load=load_and_name
    )


@deployed("recheck", timeout=limit_of("weekly-recheck"))
def recheck(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    days: Days = job.DAYS,
    data: Data = None,
    site: SiteUrl = None,
    pause: Pause = None,
    contact: Contact = None,
    lang: Lang = None,
    now: Now = None,
) -> RunReport | None:
    """Ask again for what was published in the last `days` days: corrections, withdrawals, replaced files.

    Args:
        days: Releases published in the last so many days.
        data: Folder of the archive; MOEJ_DATA if empty.
        site: Where the site is reached; MOEJ_SITE if empty.
        pause: Seconds between two requests; MOEJ_PAUSE if empty.
        contact: Who answers for the requests; MOEJ_CONTACT if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    done = ask_again(settings, days)
    tell(settings, ())
    found = None if done.report is None else report(settings, done.report.run_id)
    if done.ended_by is not None:
        raise done.ended_by
    return found
