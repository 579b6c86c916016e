"""The rebuild as a flow: `flows.steps.rebuild` as a Prefect task. Nothing is asked of the site."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows import steps
from flows.parameters import Data, Lang, Now
from flows.settings import Settings, load_settings
from flows.tasks import step, tell_operator
from warehouse import Loaded


@step("read the raw archive")
def read_again(settings: Settings) -> Loaded:
    """Read the whole log and put the result in place of the archive."""
    return steps.rebuild(settings, say=get_run_logger().info)


def markdown(done: Loaded) -> str:
    """What was read and what came out differently, as Markdown."""
    return (
        f"## Rebuild\n\n{len(done.files)} files read, {len(done.changes)} versions; "
        f"{done.reextracted} came out differently than in the archive before."
    )


@flow(
    name="rebuild",
    persist_result=False,
    timeout_seconds=24 * 60 * 60,
    on_failure=[tell_operator],
    on_crashed=[tell_operator],
)
def rebuild(*, data: Data = None, lang: Lang = None, now: Now = None) -> None:
    """Read the whole raw archive again and replace the database, once the new one is whole.

    Args:
        data: Folder of the archive; MOEJ_DATA if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    done = read_again(load_settings(data=data, lang=lang, now=now))
    create_markdown_artifact(markdown=markdown(done), key="rebuild-report")
