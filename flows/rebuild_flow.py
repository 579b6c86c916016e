"""The rebuild as a flow: here, as one Prefect task, or with its work spread over Dask workers.

Nothing is asked of the site. The database is written here in any case: by one writer, in the log's order.
"""

from datetime import timedelta
from typing import Annotated

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from pydantic import Field

from flows import steps
from flows.parameters import Data, Lang, Now
from flows.settings import Settings, load_settings
from flows.tasks import deployed, step
from flows.workers import dask_workers
from warehouse import Loaded

Workers = Annotated[int | None, Field(ge=1)]


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


def ledger(done: Loaded) -> dict[str, int]:
    """The same counts, for a table."""
    return {"files": len(done.files), "versions": len(done.changes), "read differently": done.reextracted}


@deployed("rebuild", timeout=timedelta(hours=24))
def rebuild(
    *,
    workers: Workers = None,
    address: str | None = None,
    data: Data = None,
    lang: Lang = None,
    now: Now = None,
) -> None:
    """Read the whole raw archive again and replace the database, once the new one is whole.

    Args:
        workers: Dask workers to start on this machine for it; plain processes if empty.
        address: Dask scheduler whose workers do it, as tcp://scheduler:8786. They need this version of moej,
            the raw archive (MOEJ_RAW, or the same folder at the same path) and this Prefect server.
        data: Folder of the archive; MOEJ_DATA if empty.
        lang: Language of messages, ja or en; MOEJ_LANG if empty.
        now: A time instead of the clock, for rehearsals.
    """
    settings = load_settings(data=data, lang=lang, now=now)
    if workers is None and address is None:
        done = read_again(settings)
    else:
        with dask_workers(settings, count=workers, address=address) as found:
            done = steps.rebuild(settings, say=get_run_logger().info, workers=found)
    create_markdown_artifact(markdown=markdown(done), key="rebuild-report")
    create_table_artifact(table=[ledger(done)], key="rebuild-ledger", description="What was read again.")
