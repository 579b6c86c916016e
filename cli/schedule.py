"""`moej schedule`: the schedule of prefect.yaml in one process, with no Prefect server."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select
from typing import Annotated, Final

import typer
from rich.text import Text

from cli import exits
from cli.context import Context, err, out
from cli.printing import safe, table
from cli.run import complain
from extractors.errors import MoejError
from extractors.site import JAPAN
from flows.schedule import Memory, Scheduler, refuse_a_standing_clock
from flows.settings import Settings
from flows.timetable import LOCK_WAIT, TIMETABLE, Entry, Timetable
from sources.locks import Clock, held

NEXT: Final = 5
ENDING: Final = frozenset({signal.SIGTERM, signal.SIGINT})
PASSED_ON: Final = ("data", "site", "pause", "contact", "lang")


def schedule(
    ctx: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--list", help="Show the next five times of each job, and end.")
    ] = False,
    once: Annotated[
        str | None, typer.Option(metavar="JOB", help="Do this job of the schedule now, and end.")
    ] = None,
) -> None:
    """Run the schedule here, with no Prefect server, until SIGTERM or Ctrl-C; a running job is finished."""
    context: Context = ctx.obj
    if dry_run:
        show(context)
    elif once is not None:
        do(context.settings, once)
    else:
        refuse_a_standing_clock(context.settings.now)
        keep(context.for_a_load(), TIMETABLE, context.settings.clock)


def show(context: Context) -> None:
    """The next times of each job, in Tokyo's time."""
    now = context.settings.clock()
    found = {entry.name: entry.next_times(now, NEXT) for entry in TIMETABLE}
    if context.as_json:
        context.emit(found)
        return
    rows = [[f"{one:%a %m-%d %H:%M}" for one in times] for times in zip(*found.values(), strict=True)]
    out().print(table(tuple(found), rows))
    out().print("Times are Tokyo's (+09:00).", style="dim")


def do(settings: Settings, name: str) -> None:
    """One job without Prefect; what did not end well is said on stderr, with the exit code for it."""
    from flows.unattended import job

    report = job(name)(settings, say)
    if report is None:
        return
    say(f"run {report.run_id}: {report.line()}")
    if not report.is_clean:
        complain(err(), report)
        raise typer.Exit(exits.PARTLY)


def keep(settings: Settings, timetable: Timetable, clock: Clock) -> None:
    """Keep the schedule until a signal; `Stop` where another process keeps that of this archive."""
    environment = passed_on(settings)
    lock = held(settings.data / "schedule.lock", wait=0, what="the schedule of this archive", clock=clock)
    with lock, signals() as wait:
        scheduler = Scheduler(
            timetable=timetable,
            clock=clock,
            memory=Memory(settings.state),
            start=lambda entry: start(entry, environment),
            say=stamped(clock),
            failed=lambda _entry, what: tell_operator(settings, what),
        )
        scheduler.say("the schedule is kept here; SIGTERM or Ctrl-C ends it")
        scheduler.keep(wait)


def start(entry: Entry, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A job in a process of its own: what it takes of memory is given back, and a crash is only its own."""
    command = [
        sys.executable,
        "-P",
        "-c",
        "from cli.main import run; run()",
        "schedule",
        "--once",
        entry.name,
    ]
    # A session of its own: Ctrl-C at a terminal must end the schedule, not the job it is to wait for.
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 - our own command


def passed_on(settings: Settings) -> dict[str, str]:
    """The environment of a job: the settings of this call, and the patience of a scheduled run."""
    found = dict(os.environ)
    if "lock_wait" not in settings.model_fields_set:
        found["MOEJ_LOCK_WAIT"] = str(LOCK_WAIT)
    given = {name: getattr(settings, name) for name in PASSED_ON}
    return found | {f"MOEJ_{name.upper()}": str(value) for name, value in given.items() if value is not None}


@contextmanager
def signals() -> Iterator[Callable[[float], bool]]:
    """A wait that ends early when a job ends, and says whether somebody wants the end."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)  # noqa: FBT003 - the library's signature
    watched = (*ENDING, signal.SIGCHLD)
    before = {number: signal.signal(number, _noted) for number in watched}
    old = signal.set_wakeup_fd(writing.fileno())

    def wait(seconds: float) -> bool:
        ready, _, _ = select([reading], [], [], seconds)
        return bool(ready) and not ENDING.isdisjoint(reading.recv(64))

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()


def _noted(_number: int, _frame: object) -> None:
    """Python writes the number to the socket; without a handler it would not."""


def tell_operator(settings: Settings, what: str) -> None:
    """Say on the operator's channel that a job failed; one that said so itself is not told twice."""
    from alerts import Concern
    from flows import steps

    try:
        steps.tell(settings, (Concern("run", 1, what),))
    except (MoejError, OSError) as error:
        # The schedule goes on: tomorrow's run is worth more than this message.
        say(f"the operator could not be told: {error}")


def stamped(clock: Clock) -> Callable[[str], None]:
    """Lines on stderr with Tokyo's time before them."""
    return lambda text: say(f"{clock().astimezone(JAPAN):%Y-%m-%d %H:%M:%S} {text}")


def say(text: str) -> None:
    """A line on stderr."""
    err().print(Text(safe(text)))
