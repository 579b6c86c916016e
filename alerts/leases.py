"""One deliverer per channel at a time, so that its messages stay in order and none goes out twice at once.

A claim is a row that says who holds the channel and until when. It ends when it is given back, when its time
is over, or, on the same machine, when the process that made it is no more: after a kill the next deliverer
need not wait.
"""

import os
import socket
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from alerts import ledger
from warehouse.state import instant


def holder(mark: str) -> str:
    """This process, by machine, number and start time (numbers come round again), and a mark of the call."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())} {mark}"


def take(state: sqlite3.Connection, channel: str, me: str, *, now: datetime, seconds: float) -> bool:
    """Hold the channel, or hold it longer; False if somebody else does."""
    with ledger.writing(state):
        row = state.execute("SELECT holder, until FROM leases WHERE channel = ?", [channel]).fetchone()
        if (
            row is not None
            and row["holder"] != me
            and ledger.moment(row["until"]) > now
            and _lives(row["holder"])
        ):
            return False
        until = instant(now + timedelta(seconds=seconds))
        state.execute("INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", [channel, me, until])
        return True


def give_back(state: sqlite3.Connection, channel: str, me: str) -> None:
    """Let others have the channel."""
    state.execute("DELETE FROM leases WHERE channel = ? AND holder = ?", [channel, me])


def _lives(who: str) -> bool:
    """Whether the holder may still be at work; of another machine we cannot know, so it may."""
    host, number, started, _ = who.split(" ", 3)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return started in {_started(int(number)), "?"}


def _started(number: int) -> str:
    """When a process began, in ticks since boot; `?` where the system does not tell."""
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "?"
