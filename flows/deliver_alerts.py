"""Delivery as a flow: what waits in the outbox and is due, and nothing else. Nothing is asked of the site."""

from dataclasses import asdict
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact

from alerts import Delivered
from flows.parameters import Data, Lang, Now
from flows.settings import load_settings
from flows.tasks import deployed, tell
from flows.timetable import limit_of


def ledger(done: Delivered) -> list[dict[str, Any]]:
    """What became of the messages of each channel, for a table."""
    return [{"channel": name, **asdict(tally)} for name, tally in done.channels.items()]


@deployed("deliver-alerts", timeout=limit_of("deliver-alerts"))
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
    # Every quarter of an hour there is nothing to send: an artifact each time would bury those that matter.
    if done.sent or done.failed or done.dead:
        create_table_artifact(table=ledger(done), key="delivery-ledger", description="By channel.")
