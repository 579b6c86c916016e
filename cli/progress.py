"""Progress of long work: a bar where stderr is a terminal, a plain line now and then where it is not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from cli.context import err

Report = Callable[[int, int], None]
TENTHS: Final = 10


@contextmanager
def progress(what: str, *, unit: str = "", console: Console | None = None) -> Iterator[Report]:
    """A function to call with (done, total); what it shows goes to stderr and disappears when done."""
    console = console or err()
    if not console.is_terminal:
        yield plain_lines(what, unit, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    counted = (MofNCompleteColumn(), TextColumn(unit)) if unit else ()
    with Progress(*columns, *counted, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def plain_lines(what: str, unit: str, console: Console) -> Report:
    """Ten lines at most for the whole work: a log file must stay readable."""
    shown = 0

    def report(done: int, total: int) -> None:
        nonlocal shown
        tenth = TENTHS * done // total if total else TENTHS
        if tenth > shown:
            shown = tenth
            console.print(f"{what}: {done} of {total} {unit}".rstrip(), markup=False)

    return report
