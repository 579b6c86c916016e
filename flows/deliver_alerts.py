"""Delivery as a flow: what waits in the outbox and is due, and nothing else. Nothing is asked of the site."""

from prefect import flow, get_run_logger

from flows.parameters import Data, Lang, Now
from flows.settings import load_settings
from flows.tasks import tell, tell_operator


@flow(
    name="deliver-alerts",
    persist_result=False,
    timeout_seconds=10 * 60,
    on_failure=[tell_operator],
    on_crashed=[tell_operator],
)
def deliver_alerts(*, data: Data = None, lang: Lang = None, now: Now = None) -> None:
    """Send what waits and is due; what fails is tried again by later runs, longer and longer apart.

    Args:
        data: Folder of the archive; MOEJ_DATA if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    done = tell(load_settings(data=data, lang=lang, now=now), ())
    logger = get_run_logger()
    logger.info("%d messages sent, %d attempts failed, %d given up", done.sent, done.failed, done.dead)
    for problem in done.problems:
        logger.warning(problem)
