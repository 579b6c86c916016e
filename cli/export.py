"""`moej export`: the archive as Parquet, CSV and JSON Lines, each a Frictionless data package."""

from pathlib import Path
from typing import Annotated

import typer

from cli.context import Context, out
from warehouse import open_archive
from warehouse.export import FORMATS
from warehouse.export import export as write


def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to write; one folder for each format.")],
    *,
    form: Annotated[
        list[str] | None, typer.Option("--format", help="parquet, csv or jsonl; repeat it. All if left out.")
    ] = None,
) -> None:
    """Write the archive as files for other programs, with schema, licence and source."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        written = write(archive.db, folder, exported_at=context.settings.clock(), formats=form or FORMATS)
    if context.as_json:
        context.emit(written)
    else:
        for one in written:
            out().print(str(one), markup=False)
