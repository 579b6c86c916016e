"""The daily flow: the job of `flows.jobs`, its steps as Prefect tasks, its report as artifacts."""

from prefect.utilities.annotations import quote

from flows.parameters import Contact, Data, Lang, Now, Pause, SiteUrl
from flows.settings import load_settings
from flows.tasks import deployed, discover, run_job
from flows.timetable import limit_of


@deployed("daily", timeout=limit_of("daily"))
def daily(  # noqa: PLR0913 - parameters of a deployment, shown with their meaning in Prefect's pages
    *,
    data: Data = None,
    site: SiteUrl = None,
    pause: Pause = None,
    contact: Contact = None,
    lang: Lang = None,
    now: Now = None,
    retry: str | None = None,
) -> quote:
    """Fetch what is new or due, read it, and load it: the whole daily job once.

    A `Stop` while fetching ends the run, but what was fetched until then is loaded and reported first.

    Args:
        data: Folder of the archive; MOEJ_DATA if empty.
        site: Where the site is reached; MOEJ_SITE if empty.
        pause: Seconds between two requests; MOEJ_PAUSE if empty.
        contact: Who answers for the requests; MOEJ_CONTACT if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
        retry: Id of a run, or its beginning: only what failed or was quarantined in it is taken up again,
            and no list is asked; the whole daily job if empty.
    """
    settings = load_settings(data=data, site=site, pause=pause, contact=contact, lang=lang, now=now)
    # Quoted: Prefect searches what a flow returns for its own, and a first run has thousands of versions.
    return quote(run_job(settings, discover, retry=retry))
