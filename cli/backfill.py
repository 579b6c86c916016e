"""`moej backfill`: month pages back in time, and when the end is to be expected. No Prefect: it runs here."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from cli import exits
from cli.context import Context, err, out
from cli.forecast import Forecast, pause_in_force
from cli.printing import safe
from flows import backfill as job
from flows.owed import FIRST, Owed, month_from, named, still

STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
LINE_EVERY: Final = 100


def backfill(
    ctx: typer.Context,
    *,
    first: Annotated[str, typer.Option("--from", help="The oldest month, as 2013-01.")] = named(FIRST),
    last: Annotated[str | None, typer.Option("--to", help="The newest month; the current one.")] = None,
) -> None:
    """Fetch the months from the newest back to the oldest; stop it when you like, it goes on from there."""
    context: Context = ctx.obj
    settings = context.for_a_load()
    span = job.span_of(
        settings,
        month_from(first, option="--from"),
        month_from(last, option="--to") if last is not None else None,
    )
    forecast = Forecast(pause=pause_in_force(settings))
    with asked_to_stop() as stop, shown(forecast) as tell:
        done = job.backfill(settings, span, stop=stop, tell=tell)
    if context.as_json:
        context.emit(as_dict(done))
    else:
        report(out(), done, today=settings.clock())
    for trouble in done.troubles:
        err().print(Text(safe(trouble)))
    if done.ended_by is not None and not done.was_stopped:
        raise done.ended_by
    if done.troubles:
        raise typer.Exit(exits.PARTLY)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C or SIGTERM came in the block; a second Ctrl-C ends it at once."""
    came: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        if came and number == signal.SIGINT:
            raise KeyboardInterrupt
        came.append(number)
        err().print("ending after this page; what was fetched will be loaded")

    before = {one: signal.signal(one, remember) for one in STOPPING}
    try:
        yield lambda: bool(came)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def shown(forecast: Forecast, console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (answers had, answers expected): a bar, or a line now and then."""
    console = console or err()
    if not console.is_terminal:
        yield lambda done, left: line(console, forecast, done, left)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[said]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("backfill", total=None, said="")
        yield lambda done, left: bar.update(
            task, completed=done, total=done + left, said=forecast.text(done, left)
        )


def line(console: Console, forecast: Forecast, done: int, left: int) -> None:
    """One line at the begin and after each hundred answers."""
    if done % LINE_EVERY == 0:
        console.print(f"backfill: {forecast.text(done, left)}", markup=False)


def report(console: Console, done: job.Backfilled, *, today: datetime) -> None:
    """What was done and what is left, for a person."""
    console.print(f"pages and files answered: {done.answers}, months gone through: {done.months}")
    for note in done.notes:
        console.print(Text(f"no page for {safe(note)}", style="dim"))
    if done.was_stopped:
        console.print(str(done.ended_by), markup=False)
    console.print(still(done.owed, today))


def as_dict(done: job.Backfilled) -> dict[str, Any]:
    """The result as plain values."""
    return {
        "months": done.months,
        "answers": done.answers,
        "stopped": done.was_stopped,
        "ended_by": str(done.ended_by) if done.ended_by else None,
        "owed": plain_owed(done.owed),
        "run_ids": done.run_ids,
        "notes": done.notes,
        "troubles": done.troubles,
    }


def plain_owed(owed: Owed) -> dict[str, Any]:
    """What is owed as plain values."""
    names = ("months", "lists", "pages", "files", "guessed")
    newest = named(owed.units[0].month) if owed.units else None
    return {
        "months_owed": len(owed.units),
        "newest": newest,
        **{name: getattr(owed, name) for name in names},
    }
