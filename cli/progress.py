"""Progress of long work: a bar where stderr is a terminal, a plain line now and then where it is not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from cli.context import err

TENTHS: Final = 10


@dataclass(frozen=True, slots=True)
class Report:
    """Called with (done, total) of what is counted; `now` with a word on what comes after and is not."""

    count: Callable[[int, int], None]
    now: Callable[[str], None]

    def __call__(self, done: int, total: int) -> None:
        """So much is done, of so much."""
        self.count(done, total)


@contextmanager
def progress(what: str, *, unit: str = "", console: Console | None = None) -> Iterator[Report]:
    """A function to call with (done, total); what it shows goes to stderr and disappears when done."""
    console = console or err()
    if not console.is_terminal:
        yield plain_lines(what, unit, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    counted = (_Counted(unit),) if unit else ()
    with Progress(*columns, *counted, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def now(word: str) -> None:
            nonlocal task
            # No share of it is known: without a total the bar only shows that work goes on.
            bar.remove_task(task)
            task = bar.add_task(word, total=None)

        yield Report(lambda done, total: bar.update(task, completed=done, total=total), now)


class _Counted(ProgressColumn):
    """What is done of what, and of what kind that is; nothing where it is not known how much there is."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """One task's."""
        if task.total is None:
            return Text()
        return Text(f"{task.completed:.0f}/{task.total:.0f} {self._unit}", style="progress.download")


def plain_lines(what: str, unit: str, console: Console) -> Report:
    """Ten lines at most for the whole work: a log file must stay readable."""
    shown = 0

    def count(done: int, total: int) -> None:
        nonlocal shown
        tenth = TENTHS * done // total if total else TENTHS
        if tenth > shown:
            shown = tenth
            console.print(f"{what}: {done} of {total} {unit}".rstrip(), markup=False)

    return Report(count, lambda word: console.print(word, markup=False))
