"""A piece of work in processes of its own, and what all of them took."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Watched:
    """What a child printed last, as JSON; CPU seconds and peak MiB by process; `pid` is the child's own."""

    pid: int
    figures: dict[str, Any]
    seconds: dict[int, float]
    peaks: dict[int, float]


def watched(arguments: Sequence[str], what: str, **environment: str) -> Watched:
    """Run `python` with these arguments to its end; the program ends with `what` failed, if it did."""
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, env=os.environ | environment
    ) as process:
        watch = Watch(process.pid)
        said, _ = process.communicate()
        watch.stop()
    if process.returncode:
        raise SystemExit(f"{what} ended with exit code {process.returncode}")
    return Watched(process.pid, json.loads(said.splitlines()[-1]), watch.seconds, watch.peaks)


class Watch:
    """CPU seconds and peak memory in MiB of every process of a session, as /proc last told them."""

    def __init__(self, session: int) -> None:
        self.seconds: dict[int, float] = {}
        self.peaks: dict[int, float] = {}
        self._session = session
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            for pid, fields, peak in _processes():
                if int(fields[3]) == self._session:
                    self.seconds[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                    # A process that has just ended has a line but no memory any more.
                    self.peaks[pid] = max(peak / 1024, self.peaks.get(pid, 0))


def _processes() -> Iterator[tuple[int, list[str], int]]:
    """Each process: its number, what stands in its `stat` behind its name, and its peak memory in KiB."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat, status = (folder / "stat").read_text(), (folder / "status").read_text()
        except OSError:
            continue  # it ended meanwhile
        peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")), "0")
        yield int(folder.name), stat.rpartition(")")[2].split(), int(peak)
