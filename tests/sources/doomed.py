"""A process that does one job in a child of its own and may be killed in it; driven by lines of JSON.

One such process serves a whole module of tests: a fork is cheap where a fresh interpreter is not.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from sources import Log, RunNote, import_paths
from sources.discover import merge, walk
from tests.sources.kit import BEGIN, MINISTRY, QUICK, collector, counting, entries, held, known_of, note

SMALL = 1_500
"""Bytes after which a file is sealed: several in one run, so that a kill meets every part of it."""


def job(said: dict[str, str]) -> None:
    """One run, backfill or import over the log, as a flow would do it."""
    log = Log(Path(said["root"]), url=said.get("url"), clock=lambda: BEGIN)
    log.recover()
    runs = [entry for entry in entries(log) if isinstance(entry, RunNote)]
    run_id = f"run-{len(runs):03d}"
    if said["job"] == "import":
        paths = [Path(said["folder"])]
        begun = note(MINISTRY, run_id, "import")
        import_paths(
            paths, log=log, note=begun, clock=lambda: BEGIN, new_id=counting(len(runs) << 32), max_bytes=SMALL
        )
        return
    known = known_of(log)
    done = {run.run_id for run in runs if run.finished_at}
    fresh = frozenset(each.capture.page for each in held(log) if each.capture.run_id not in done)
    with collector(
        log, said["site"], run_id=run_id, known=known, fresh=fresh, manners=replace(QUICK)
    ) as open_run:
        open_run._writer._max_bytes = SMALL
        if said["job"] == "backfill":
            for _, listing in walk(open_run.listing, [(2026, 6), (2026, 5)]):
                if not isinstance(listing, str):
                    list(open_run.pages(each.page for each in merge([listing], site=open_run.site)))
        else:
            list(open_run.pages(json.loads(said["pages"])))


class Doomed:
    """Sends jobs to the process; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sources.doomed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def do(self, failpoint: str | None = None, **said: str) -> int:
        """Do a job; 0 if it came to its end, -9 if it was killed at the failpoint."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"failpoint": failpoint or "", **said}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Serve jobs until the line ends."""
    for line in sys.stdin:
        said = json.loads(line)
        child = os.fork()
        if child == 0:
            os.environ["MOEJ_FAILPOINT"] = said["failpoint"]
            try:
                job(said)
            except BaseException as error:  # noqa: BLE001 - a child must never come back into the loop
                sys.stderr.write(f"{said}: {error!r}\n")
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
