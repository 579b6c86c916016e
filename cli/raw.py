"""The raw archive: `import`, `rebuild`, `verify`. No Prefect: these run where they are called."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from cli import exits
from cli.context import Context, err, out
from cli.printing import safe
from cli.progress import progress
from extractors.errors import Stop
from flows import raw, steps
from sources import Finding, Place
from warehouse import open_archive

PLACES: Final = "SELECT capture_id, warc_file, warc_offset, warc_length FROM captures"


def import_(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(help="WARC, WACZ, HAR, WET, HTML, plain text, or folders of them.")
    ],
    *,
    url: Annotated[str | None, typer.Option(help="Address of the page that was saved.")] = None,
    at: Annotated[datetime | None, typer.Option(help="When it was saved, if the file does not say.")] = None,
) -> None:
    """Take pages that somebody saved into the archive."""
    context: Context = ctx.obj
    settings = context.for_a_load()
    with progress("importing") as told:
        done = raw.bring_in(
            settings, tuple(paths), url=url, at=at.astimezone() if at else None, progress=told
        )
    if context.as_json:
        context.emit(done)
    else:
        report(done)
    for trouble in done.troubles:
        err().print(Text(safe(trouble)))
    if done.troubles:
        raise typer.Exit(exits.PARTLY)


def report(done: raw.BroughtIn) -> None:
    """What became of the files, then what is new."""
    counts = ", ".join(f"{count} {word}" for word, count in done.imported.counts.items())
    out().print(counts or "nothing to import")
    if done.report is not None:
        for news in done.report.news:
            out().print(Text(f"{news.change:<9} {news.release_id}  {safe(news.title)}"))


def rebuild(ctx: typer.Context) -> None:
    """Read the whole raw archive again and replace the database; say what came out differently."""
    context: Context = ctx.obj
    settings = context.for_a_load()
    with progress("reading the raw archive", unit="bytes") as told:
        loaded = steps.rebuild(
            settings,
            progress=told,
            now=told.now,
            say=lambda text: err().print(text, markup=False),
        )
    if context.as_json:
        context.emit(
            {"files": len(loaded.files), "versions": len(loaded.changes), "reextracted": loaded.reextracted}
        )
        return
    out().print(
        f"{len(loaded.files)} files read, {len(loaded.changes)} versions; "
        f"{loaded.reextracted} came out differently than in the archive before"
    )


def places(context: Context) -> tuple[list[Place], list[Finding]]:
    """Where the archive says its captures lie, none without an archive; what is wrong if it does not open."""
    if not context.settings.archive.exists():
        return [], []
    try:
        with open_archive(context.settings.archive) as archive:
            found = [Place(*row) for row in archive.sql(PLACES).fetchall()]
    except Stop as error:
        # The raw archive is what the database is made of again: just then it must be checked.
        return [], [Finding("the archive", None, "does not open", str(error))]
    if context.settings.lake is None:
        return found, []
    # A lake was made from other machines' raw archives too, which are checked there.
    here = {file.name for file in steps.log_of(context.settings).sealed()}
    return [place for place in found if place.warc_file in here], []


def verify(ctx: typer.Context) -> None:
    """Check every digest, place and manifest line of the raw archive; name what is wrong."""
    context: Context = ctx.obj
    log = steps.log_of(context.settings)
    known, unopened = places(context)
    findings = [*unopened, *log.verify(known)]
    if context.as_json:
        context.emit(findings)
    else:
        for finding in findings:
            out().print(Text(safe(finding)))
        out().print(f"{len(log.sealed())} files checked, {len(findings)} findings")
    if findings:
        raise typer.Exit(exits.FAILED)
