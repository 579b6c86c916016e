"""Locks between processes that say who holds them: one collector asks, one load writes the archive."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from extractors.errors import Stop

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The real time, aware, in UTC."""
    return datetime.now(UTC)


def command_line() -> str:
    """The command of this process as a person would know it, without the folders of this machine."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])


@contextmanager
def held(path: Path, *, wait: float, what: str, clock: Clock = utc_now) -> Iterator[None]:
    """Hold the lock file `path`; `Stop` naming the holder after `wait` seconds without it.

    While it is held, `<path>.holder` names process, command and since when. A killed holder's lock is free at
    once; its note is overwritten by the next.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise Stop(f"{what} is busy: {holder(path)}; waited {wait:g} s; try again when it is done") from None
    note = _holder_path(path)
    try:
        note.write_text(
            json.dumps({"pid": os.getpid(), "command": command_line(), "since": clock().isoformat()}),
            encoding="utf-8",
        )
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def collector_lock(log_root: Path, *, wait: float, clock: Clock = utc_now) -> AbstractContextManager[None]:
    """The lock that lets one client at a time ask the site; `log_root` is the folder of the log."""
    return held(log_root / "collector.lock", wait=wait, what="the site's one place for a client", clock=clock)


def load_lock(data: Path, *, wait: float, clock: Clock = utc_now) -> AbstractContextManager[None]:
    """The lock that lets one load at a time write the archive; `data` is the folder of the archive."""
    return held(data / "lock", wait=wait, what="the archive", clock=clock)


def holder(path: Path) -> str:
    """Who holds a lock, in words; what is known when the note is missing or torn."""
    try:
        said = json.loads(_holder_path(path).read_text(encoding="utf-8"))
        return f"process {said['pid']} ({said['command']}) holds it since {said['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return f"another process holds {path.name}"


def _holder_path(path: Path) -> Path:
    return path.with_name(path.name + ".holder")
