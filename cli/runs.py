"""`moej runs`: the history of runs with their ledger, from the archive alone, without Prefect."""

from datetime import datetime
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from cli.context import Context, err, out
from cli.printing import safe, table
from warehouse import Reader, open_archive

ENDS: Final = (
    "created",
    "changed",
    "withdrawn",
    "restored",
    "files_replaced",
    "unchanged",
    "quarantined",
    "failed",
    "not_fetched",
)
HEADS: Final = ("run", "begun (UTC)", "kind", "status", "fetched", "ended as")
ID: Final = 8
"""Letters of an id that are shown; `--json` has it whole."""


def runs(
    ctx: typer.Context,
    *,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
) -> None:
    """List the runs, newest first: when, how long, how they ended, and what became of their pages."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        found = history(archive, limit)
    if context.as_json:
        context.emit(found)
        return
    out().print(table(HEADS, map(line, found)))
    for run in found:
        if run["error"]:
            err().print(Text(f"{run['run_id'][:ID]}: {safe(run['error'])}"))


def history(archive: Reader, limit: int) -> list[dict[str, Any]]:
    """The last runs, newest first, with `seconds` they took (None: killed)."""
    found = archive.runs(limit)
    for run in found:
        run["seconds"] = seconds(run["started_at"], run["finished_at"])
    return found


def seconds(begin: datetime, end: datetime | None) -> float | None:
    """How long a run took; None for one that was killed."""
    return None if end is None else (end - begin).total_seconds()


def line(run: dict[str, Any]) -> tuple[object, ...]:
    """A run as the table shows it, narrow enough for a terminal; ends that no page had are left out."""
    ends = (f"{run[name]} {name.replace('_', ' ')}" for name in ENDS if run.get(name))
    begun = f"{run['started_at']:%Y-%m-%d %H:%M}"
    head = (run["run_id"][:ID], begun, run["kind"], run["status"], run["fetched"])
    return (*head, ", ".join(ends) or None)
