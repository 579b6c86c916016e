"""Loads in processes of their own: some are killed on the way, some run side by side."""

import os
import pickle
import resource
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.forks import CONTEXT
from tests.postgres import unchecked_extensions
from tests.warehouse.backends import Backend, chosen, current, loader
from tests.warehouse.world import START, MemoryLog, load_all, read, read_listing
from warehouse import aliases, rebuild


def keep(folder: Path, log: MemoryLog) -> None:
    """Put the log where the children find it."""
    (folder / "log.pickle").write_bytes(pickle.dumps(log))


def start(folder: Path, *, failpoint: str = "", limit: int | None = None, anew: bool = False) -> BaseProcess:
    """A process that loads, or reads all anew, and dies at the failpoint; `limit` bounds its files."""
    child = CONTEXT.Process(target=_child, args=(folder, current().for_a_child(), failpoint, limit, anew))
    child.start()
    return child


def run(folder: Path, *, failpoint: str = "", limit: int | None = None, anew: bool = False) -> int:
    """The exit code of such a process."""
    child = start(folder, failpoint=failpoint, limit=limit, anew=anew)
    child.join()
    return child.exitcode or 0


def _child(
    folder: Path,
    backend: Backend,
    failpoint: str,
    limit: int | None,
    anew: bool,  # noqa: FBT001 - of our own
) -> None:
    os.environ["MOEJ_FAILPOINT"] = failpoint
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    log: MemoryLog = pickle.loads((folder / "log.pickle").read_bytes())  # noqa: S301 - written by this test
    with chosen(backend), unchecked_extensions():
        if not anew:
            load_all(folder, log)
            return
        rebuild(
            loader(folder, lock_wait=60),
            log,
            read=read,
            read_listing=read_listing,
            extractor_version="1",
            clock=lambda: START,
            follow=(aliases.refresh,),
        )
