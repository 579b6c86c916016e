"""Bigger than one machine: a rebuild by Dask workers, and many versions in a file and on a lake.

    python -m bench.scale [--size small|middle|full] [--part rebuild|versions] [--keep FOLDER]

small: 600 pages, 10,000 versions; some two minutes. middle: 6,000 pages, 100,000 versions. full: 30,000
pages, 1,000,000 versions; an hour or two, most of it building.

The rebuild is what the flow does, with a Prefect server that was there before; its seconds hold what it takes
to start and to end the Dask workers, which `Dask s` gives alone. The one that writes is a process besides the
workers, so that on a machine of two cores the second worker has no core of its own; `CPU s` are those of all
processes together, start of Prefect included, and `writer` those of the one that writes: no number of workers
makes a rebuild shorter than that. `none` is the same rebuild without Dask and with one process. All must give
the same digest. `scale_versions.py` says what is asked of the versions.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.rebuild import NOW, make
from bench.watching import watched


@dataclass(frozen=True, slots=True)
class Size:
    """How much: pages of the rebuild, releases and versions of the archive."""

    pages: int
    releases: int
    versions: int


SIZES: Final = {
    "small": Size(600, 3_000, 10_000),
    "middle": Size(6_000, 30_000, 100_000),
    "full": Size(30_000, 300_000, 1_000_000),
}
WORKERS: Final = (0, 1, 2)
QUIET: Final = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "ERROR",
    "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error",
    "DO_NOT_TRACK": "1",
}


def child(folder: Path, workers: int) -> None:
    """Rebuild once and print what it took; the archive is left out of the way of the next one."""
    from prefect import flow
    from prefect.client.orchestration import get_client

    from flows import steps
    from flows.settings import Settings
    from flows.workers import dask_workers
    from warehouse import digest, open_archive

    with get_client(sync_client=True) as client:
        client.hello()
    settings = Settings(data=folder, now=NOW, workers=1)

    @flow
    def spread() -> float:
        """The seconds of the work alone."""
        with dask_workers(settings, count=workers, address=None) as found:
            return timed(lambda: steps.rebuild(settings, workers=found))

    alone: list[float] = []
    if workers:
        seconds = timed(lambda: alone.append(spread()))
    else:
        seconds = timed(lambda: steps.rebuild(settings))
        alone.append(seconds)
    with open_archive(settings.archive) as archive:
        pages = archive.rows("SELECT count(*) AS n FROM captures WHERE content_hash IS NOT NULL")[0]["n"]
        figures = {"pages": pages, "seconds": seconds, "dask": seconds - alone[0]}
        print(json.dumps(figures | {"digest": digest(archive.db)}))
    settings.archive.unlink()


def timed(work: Callable[[], object]) -> float:
    """Seconds by the clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measured(folder: Path, home: Path, workers: int) -> dict[str, Any]:
    """The figures of a rebuild, from processes of its own; CPU seconds of all of them."""
    found = watched(
        ["-m", "bench.scale", "--child", str(folder), str(workers)],
        f"the rebuild with {workers} workers",
        **QUIET,
        PREFECT_HOME=str(home),
    )
    spent = {"cpu": sum(found.seconds.values()), "writer": found.seconds[found.pid]}
    return found.figures | spent | {"mib": max(found.peaks.values())}


def rebuilds(count: int) -> None:
    """Print the rebuilds without Dask and with one and two workers."""
    print(f"\nrebuild of {count:,} pages, {os.cpu_count()} cores")
    print(
        f"{'Dask workers':>14} {'seconds':>9} {'Dask s':>7} {'pages/s':>9} {'CPU s':>8} {'writer':>8} "
        f"{'largest, MiB':>13}"
    )
    found: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="moej-scale-") as place:
        folder, home = Path(place, "data"), Path(place, "prefect")
        make(folder, count)
        for workers in WORKERS:
            one = found[workers] = measured(folder, home, workers)
            pace = one["pages"] / one["seconds"]
            took = f"{one['seconds']:>9.1f} {one['dask']:>7.1f} {pace:>9.0f}"
            spent = f"{took} {one['cpu']:>8.1f} {one['writer']:>8.1f}"
            print(f"{workers or 'none':>14} {spent} {one['mib']:>13.0f}", flush=True)
    if len({one["digest"] for one in found.values()}) != 1:
        raise SystemExit("the rebuilds differ: equal logs must give equal archives")
    gain = found[1]["seconds"] / found[2]["seconds"]
    print(f"  two workers take the time of one divided by {gain:.2f}; all digests are equal")


def main() -> None:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--part", choices=("rebuild", "versions"), help="only this; both without it")
    parser.add_argument("--keep", type=Path, help="where the archives stay, and are found the next time")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(Path(given.child[0]), int(given.child[1]))
        return
    size = SIZES[given.size]
    if given.part != "versions":
        rebuilds(size.pages)
    if given.part != "rebuild":
        from bench.scale_versions import compare

        compare(size.releases, size.versions, given.keep)


if __name__ == "__main__":
    main()
