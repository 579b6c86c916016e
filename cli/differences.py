"""`moej diff`: what changed between two versions of a release, in colour or in brackets."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from cli.archive import ReleaseId, short
from cli.context import Context
from cli.paging import paged
from cli.printing import safe
from extractors.errors import Usage
from warehouse import Reader, open_archive
from warehouse.differences import Change, ReplacedFile, Segment, differences, excerpt, replaced_files

Row = dict[str, Any]

HEADINGS: Final = {"files": "file replaced"}
# Brackets as well as colour: a diff must survive a pipe, a printer and eyes that do not see red and green.
DRAWN: Final = {
    "equal": ("", "", ""),
    "deleted": ("[-", "-]", "red strike"),
    "inserted": ("{+", "+}", "green"),
}


def diff(
    ctx: typer.Context,
    release_id: ReleaseId,
    old: Annotated[
        int | None, typer.Argument(help="A version; the one before the newest if left out.")
    ] = None,
    new: Annotated[int | None, typer.Argument(help="Another; the newest if left out.")] = None,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Whole texts, not only what is near a change.")
    ] = False,
) -> None:
    """Show which fields changed between two versions, and how."""
    context: Context = ctx.obj
    with open_archive(context.settings.archive) as archive:
        before, after = pair(archive, release_id, old, new)
        found = differences(before, after, files_between(archive, before, after))
    if context.as_json:
        context.emit(found)
        return
    between = [f"{one['version']} ({short(one['valid_from'])})" for one in (before, after)]
    head = f"{after['release_id']}: version {between[0]} → version {between[1]}"
    with paged() as console:
        console.print(Text(head, style="bold"))
        console.print(text_of(found, full=full) if found else "no field of the record differs")


def pair(
    archive: Reader, release_id: str, old: int | None, new: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two versions to compare; `Usage` where there is only one."""
    history = archive.history(release_id)
    if len(history) == 1 and old is None:
        raise Usage(f"{history[0]['release_id']} has one version, so there is nothing to compare")
    newest = new if new is not None else len(history)
    return archive.version(release_id, old if old is not None else newest - 1), archive.version(
        release_id, newest
    )


def files_between(archive: Reader, before: Row, after: Row) -> tuple[ReplacedFile, ...]:
    """The files that were replaced under the same link from one version to another."""
    return replaced_files(archive.db, before["release_id"], before["version"], after["version"])


def text_of(changes: Sequence[Change], *, full: bool = False) -> Text:
    """The changes field by field; what went in red and brackets, what came in green and braces."""
    told = Text()
    for change in changes:
        told.append(f"{HEADINGS.get(change.field, change.field)}\n", style="bold")
        for segment in change.segments if full else excerpt(change.segments):
            told.append_text(drawn(segment))
        told.append("\n")
    return told


def drawn(segment: Segment) -> Text:
    """One piece of a diff."""
    kind, text = segment
    before, after, style = DRAWN[kind]
    return Text(f"{before}{safe(text)}{after}", style=style)
