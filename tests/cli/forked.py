"""The command at a terminal, in a process that need not import it first: a second is saved each time."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.synchronize import Event

from cli import archive, differences
from cli.main import run
from tests.forks import CONTEXT

LOADED = (archive, differences)
"""What the commands that are tried import when they are called."""


def on_a_terminal(arguments: Sequence[str], *, rows: int, environment: Mapping[str, str]) -> str:
    """What the command shows on a terminal of so many rows, in this environment alone; it must end well."""
    ours, theirs = pty.openpty()
    sat_down = CONTEXT.Event()
    try:
        subprocess.run(["stty", "rows", str(rows), "cols", "80"], stdin=theirs, check=True)
        given = (os.ttyname(theirs), sat_down, tuple(arguments), dict(environment))
        process = CONTEXT.Process(target=_sit_down, args=given)
        process.start()
        assert sat_down.wait(60)
        os.close(theirs)
        shown = _read(ours)
        process.join(60)
        assert process.exitcode == 0
    finally:
        os.close(ours)
    return shown


def _sit_down(
    terminal: str, sat_down: Event, arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    """Be the command, as if a shell had started it at this terminal."""
    os.setsid()
    here = os.open(terminal, os.O_RDWR)
    for stream in range(3):
        os.dup2(here, stream)
    os.close(here)
    sat_down.set()
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(stream, mode, encoding="utf-8", closefd=False) for stream, mode in enumerate("rww")
    )
    os.environ.clear()
    os.environ.update(environment)
    run(arguments)


def _read(terminal: int) -> str:
    """Everything until the last program has left; Linux says so with an error."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 65_536)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode()
