"""No process outlives a command that is killed, as Prefect's temporary server would, for good.

What the command starts from then on bears a mark in its environment. A guard reads from a pipe that the
kernel closes whatever ends the command, and then ends what bears the mark. Without /proc (Linux has it) it
finds nothing.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

NAME: Final = "MOEJ_STARTED_BY"


@lru_cache(maxsize=1)
def no_orphans() -> subprocess.Popen[bytes]:
    """From here on nothing that this process starts outlives it, even by `kill -9`; gives the guard.

    The guard is kept here: with it its pipe would be thrown away, and closed.
    """
    mark = secrets.token_hex(16)
    # In a session of its own: Ctrl-C is for the command, and a guard that it ends guards nothing.
    guarding = subprocess.Popen(  # noqa: S603 - this module, by this Python
        [sys.executable, "-I", "-S", __file__, f"{NAME}={mark}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.environ[NAME] = mark
    return guarding


def marked(mark: str) -> Iterator[int]:
    """The processes that bear the mark."""
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            bears = mark.encode() in environment.read_bytes().split(b"\0")
        except OSError:  # Another user's, or gone by now.
            continue
        if bears:
            yield int(environment.parent.name)


def guard(mark: str) -> None:
    """Wait for the end of whoever holds the other end of the pipe, then end what it left."""
    sys.stdin.buffer.read()
    for pid in marked(mark):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    guard(sys.argv[1])
