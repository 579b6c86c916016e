"""`moej search`: every release that holds the words, best first."""

import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperCommand

from cli.context import Context, err
from cli.moment import AsOf
from cli.paging import paged
from cli.printing import safe
from warehouse import Reader, open_archive
from warehouse.search import Hit, Segment, hints, search_at
from warehouse.search import search as find


class Minus(TyperCommand):
    """Takes `-word` as a word of the query, not as options of one letter each."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, a single minus as the wide one, which a query takes for the same."""
        return super().parse_args(ctx, [re.sub("^-(?!-|$|h$)", "－", one) for one in args])


app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)


@app.command(cls=Minus)
def search(
    ctx: typer.Context,
    query: Annotated[
        list[str],
        typer.Argument(
            help="Words; '\"a phrase\"', -not, OR, title:, kind:, country:, lang:, category:, from:, to:"
        ),
    ],
    *,
    as_of: AsOf = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 20,
    seconds: Annotated[float, typer.Option(help="Give up after so many seconds.", min=0)] = 60.0,
) -> None:
    """Find releases by the words they hold, in Japanese and English; width and case do not matter."""
    context: Context = ctx.obj
    typed = " ".join(query)
    with open_archive(context.settings.archive) as archive:
        found = within(archive, seconds, lambda: asked(archive, typed, as_of, limit + 1))
        slips = hints(archive.db, typed, found=bool(found), at=as_of)
    hits = found[:limit]
    if context.as_json:
        context.emit([asdict(hit) for hit in hits])
    else:
        with paged() as console:
            for hit in hits:
                console.print(lines(hit))
            if not hits:
                console.print("nothing found")
    # Twenty hits look like all of them, and a program's count would be taken for the archive's.
    if len(found) > limit:
        err().print(f"there are more than these {limit}; --limit shows them")
    for slip in slips:
        err().print(Text(safe(str(slip))))


def asked(archive: Reader, typed: str, as_of: datetime | None, limit: int) -> tuple[Hit, ...]:
    """What is found now, or was found at a past moment."""
    return find(archive.db, typed, limit) if as_of is None else search_at(archive.db, typed, as_of, limit)


def within(archive: Reader, seconds: float, ask: Callable[[], tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """What is found in this time; `TooLong` with what helps."""
    from web.bounded import Desk, TooLong

    try:
        with Desk(archive.db, seconds):
            return ask()
    except TooLong as error:
        raise TooLong(
            f"the search took longer than {seconds:g} s and was stopped: phrases and words of hiragana read "
            "every text; add a rarer word or a filter such as from:2025, or give it more --seconds"
        ) from error


def lines(hit: Hit) -> Text:
    """A hit in three lines: where and when, the title, a piece of the text with what was found in it."""
    head = Text(f"{hit.published_on}  {hit.release_id}", style="dim")
    title = Text.assemble("\n", *(part(one, "bold") for one in hit.title_parts))
    piece = Text.assemble("\n  ", *(part(one, "") for one in hit.snippet), "\n")
    return Text.assemble(head, title, piece)


def part(segment: Segment, style: str) -> tuple[str, str]:
    """A piece of text and how it is drawn."""
    kind, text = segment
    return safe(text), f"{style} reverse".strip() if kind == "hit" else style
