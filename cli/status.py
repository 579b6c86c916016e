"""`moej status`: is the archive healthy."""

from typing import Any, Final

import typer
from rich.text import Text

from cli.archive import short
from cli.context import Context, out
from cli.printing import record, safe, table
from warehouse import open_archive

RUN_COLUMNS: Final = ("started_at", "kind", "status", "listed", "fetched", "created", "changed", "unchanged")
TROUBLE_COLUMNS: Final = ("quarantined", "failed")


def status(ctx: typer.Context) -> None:
    """Say whether the archive is healthy: its size, last runs, ledger and quarantine."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        found = archive.status()
    if context.as_json:
        context.emit(found)
        return
    console = out()
    lists: dict[str, list[dict[str, Any]]] = {name: found.pop(name) for name in ("runs", "in_quarantine")}
    record(console, {name: short(value) for name, value in found.items()})
    columns = (*RUN_COLUMNS, *TROUBLE_COLUMNS)
    console.print(table(columns, [[short(run[name]) for name in columns] for run in lists["runs"]]))
    for one in lists["in_quarantine"]:
        console.print(Text(f"quarantine: {one['url']}: {safe(one['reason'])} ({safe(one['detail'])})"))
