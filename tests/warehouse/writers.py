"""A machine of its own that loads into a lake again and again, from a raw archive of its own."""

import os
import pickle
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.forks import CONTEXT
from tests.postgres import unchecked_extensions
from tests.warehouse.world import START, MemoryLog, Run, load, page, text
from warehouse import Lake
from warehouse.stores.lake_archive import LakeArchive

SHARED = page(1)
"""The page that every machine finds changed, each time another way."""


def start(lake: Lake, folder: Path, machine: str, loads: int, *, dies_at: str = "") -> BaseProcess:
    """The machine at work, in a process of its own, which dies at the failpoint."""
    child = CONTEXT.Process(target=work, args=(lake, folder, machine, loads, dies_at))
    child.start()
    return child


def work(lake: Lake, folder: Path, machine: str, loads: int, dies_at: str) -> None:
    """Fetch and load so many times; what was fetched is on disk before it is loaded."""
    os.environ["MOEJ_FAILPOINT"] = dies_at
    log = raw(folder, machine)
    for _ in range(loads):
        fetch(log)
        fresh = folder / f"{machine}.fresh"
        fresh.write_bytes(pickle.dumps(log))
        fresh.replace(folder / f"{machine}.log")
        bring(lake, folder, log)


def raw(folder: Path, machine: str) -> MemoryLog:
    """The raw archive of a machine, as it lies on its disk."""
    kept = folder / f"{machine}.log"
    if not kept.exists():
        return MemoryLog(machine=machine)
    log: MemoryLog = pickle.loads(kept.read_bytes())  # noqa: S301 - written by this test
    return log


def fetch(log: MemoryLog) -> None:
    """One run: the shared page, changed, and two pages that only this machine finds."""
    number = len(log.files) + 1
    place = 10_000 * (ord(log.machine) - ord("a") + 1) + number
    minutes = 20 * number + ord(log.machine) % 20
    one = Run(log, at=START + timedelta(minutes=minutes))
    one.get(SHARED, text(body=f"{log.machine} の {number} 回目"))
    one.get(page(place), text(f"第{place}回", body=f"本文 {place}"))
    one.get(page(place + 5_000), text(f"第{place}回の結果", body=f"結果 {place}"))
    one.seal()


def bring(lake: Lake, folder: Path, log: MemoryLog) -> None:
    """Load what the lake does not have of this raw archive."""
    archive = LakeArchive(lake, folder / f"state-{log.machine}.sqlite", lock_wait=120)
    with unchecked_extensions(), archive.draft() as draft:
        load(draft, log)
