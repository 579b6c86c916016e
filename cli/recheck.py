"""`moej recheck`: asks again for the releases of a span, with their files. No Prefect: it runs here."""

from typing import Annotated

import typer

from cli import exits
from cli.context import Context, err, out
from cli.progress import progress
from cli.run import complain, show
from flows import recheck as job


def recheck(
    ctx: typer.Context,
    *,
    days: Annotated[int, typer.Option(help="Releases published in the last so many days.")] = job.DAYS,
) -> None:
    """Ask again for known pages and their files: what was corrected, withdrawn, replaced."""
    context: Context = ctx.obj
    settings = context.for_a_load()
    with progress("asking again", unit="pages") as told:
        done = job.recheck(settings, days=days, progress=told)
    if context.as_json:
        context.emit({"pages": done.pages, "report": done.report.as_dict() if done.report else None})
    elif done.report is None:
        out().print(f"no release of the last {days} days is known; `moej run` finds new ones")
    else:
        show(out(), done.report)
        complain(err(), done.report)
    if done.ended_by is not None:
        raise done.ended_by
    if done.report is not None and not done.report.is_clean:
        raise typer.Exit(exits.PARTLY)
