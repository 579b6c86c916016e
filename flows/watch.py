"""The hourly flow: look at the lists, and fetch only what the archive does not know yet."""

from flows import jobs
from flows.parameters import Contact, Data, Lang, Now, Pause, SiteUrl
from flows.report import RunReport
from flows.settings import load_settings
from flows.tasks import deployed, run_job, step
from flows.timetable import limit_of

look = step("look")(jobs.look)


@deployed("watch", timeout=limit_of("watch"))
def watch(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    data: Data = None,
    site: SiteUrl = None,
    pause: Pause = None,
    contact: Contact = None,
    lang: Lang = None,
    now: Now = None,
) -> RunReport:
    """Ask the lists, fetch the pages the archive does not know, load them and tell.

    A `Stop` while fetching ends the run, but what was fetched until then is loaded and reported first.

    Args:
        data: Folder of the archive; MOEJ_DATA if empty.
        site: Where the site is reached; MOEJ_SITE if empty.
        pause: Seconds between two requests; MOEJ_PAUSE if empty.
        contact: Who answers for the requests; MOEJ_CONTACT if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    return run_job(settings, look, kind=jobs.WATCH)
