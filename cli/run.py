"""`moej run`: the daily job once, or the retry of a run, through its Prefect flow; no server is needed."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text

from cli import exits
from cli.context import Context, err, out
from cli.orphans import no_orphans
from cli.printing import safe, table
from cli.progress import progress
from flows.again import the_run
from flows.report import RunReport
from flows.settings import Settings
from flows.telling import Listener, told_to

# Prefect gives its temporary server 20 s; the first one on a machine makes a database and takes longer.
# What goes wrong is said once, by us, in one line: Prefect would print it with every frame of the stack.
QUIETLY: Final = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "ERROR",
    "DO_NOT_TRACK": "1",
}


def run(
    ctx: typer.Context,
    *,
    retry: Annotated[
        str | None,
        typer.Option(
            metavar="RUN_ID",
            help=(
                "Only what failed or was quarantined in this run, and was not mended since; see moej runs. "
                "There a retry is of kind recheck, or backfill where that run was a backfill or an import."
            ),
        ),
    ] = None,
) -> None:
    """Do the daily job once: find, fetch, keep, read and load what is new or due."""
    context: Context = ctx.obj
    # Before the flow: a slip in an id must not wait for Prefect, nor reach the operator as a failed run.
    settings = context.for_a_load()
    again = None if retry is None else the_run(settings, retry)[0]
    report = run_daily(settings, retry=again)
    if context.as_json:
        context.emit(report.as_dict())
    elif report.run_id != again:
        # Where nothing had to be asked, the ledger of the run of before would look like something done now.
        show(out(), report)
    if not report.is_clean:
        complain(err(), report)
        raise typer.Exit(exits.PARTLY)


def run_daily(settings: Settings, *, retry: str | None = None) -> RunReport:
    """The report of one daily run under these settings, or of the retry of a run."""
    flow = daily_flow()
    with ending_by_sigterm(), progress("asking the site", unit="pages") as told, told_to(Listener(told, say)):
        report: RunReport = flow(
            data=settings.data,
            site=settings.site,
            pause=settings.pause,
            contact=settings.contact,
            lang=settings.lang,
            now=settings.now,
            retry=retry,
        ).unquote()
    return report


@contextmanager
def ending_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the block as an error does: what was fetched is sealed, and nothing is left running.

    Dead at once, it would leave the end of the run unsaid and a file unsealed.
    """
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def leave(number: int, _frame: FrameType | None) -> None:
    """End this process with the exit code of a signal."""
    sys.exit(exits.STOPPED + number)


def say(text: str) -> None:
    """A line on stderr."""
    err().print(Text(safe(text)))


def daily_flow() -> Callable[..., Any]:
    """The flow, whose report is quoted; Prefect is imported here, where no analyst's command comes by."""
    for name, value in QUIETLY.items():
        os.environ.setdefault(name, value)
    no_orphans()
    from flows.daily import daily

    return daily


def show(console: Console, report: RunReport) -> None:
    """The ledger and what is new, for a person."""
    counts = report.counts()
    console.print(
        table(["ledger", "pages"], [(name.replace("_", " "), count) for name, count in counts.items()])
    )
    run = report.run
    console.print(f"{run['requests']} requests, {run['bytes_received']:,} bytes", style="dim")
    for news in report.news:
        mark = "JCM" if news.jcm_role == "subject" else "   "
        console.print(Text(f"{news.change:<9} {mark} {news.release_id}  {safe(news.title)}"))


def complain(console: Console, report: RunReport) -> None:
    """The pages that did not end well, one line each, on stderr."""
    for trouble in report.troubles:
        console.print(Text(f"{trouble.outcome}: {trouble.page}: {safe(trouble.reason)}"))
