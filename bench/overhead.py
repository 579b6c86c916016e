"""What Prefect costs: a daily run of generated pages with it, against a server, and the same run without it.

    python -m bench.overhead --pages 3000 --rounds 3

Both runs ask the press room in a box for the same pages without a pause, keep, read and load them, in turn,
all in this process. Seconds are those of the clock and those of its work, with what it has still to tell the
server at the end. What the server works on the same machine is told apart, as is what Prefect costs once, its
import. Of several rounds the shortest counts: what else the machine does only adds. Ends with 1 if a page was
lost.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import httpx

from flows import jobs
from flows.jobs import Steps
from flows.settings import Settings
from pressroom import JST, PressRoom, Record, generate
from tests.ports import free_port
from warehouse import open_archive

LAST: Final = datetime(2026, 6, 30, 12, 0, tzinfo=JST)
NOW: Final = datetime(2026, 6, 30, 18, 30, tzinfo=JST)
PAUSE: Final = 3
AIM: Final = 0.05
STARTS: Final = 600
"""Times, a tenth of a second apart, that the server is asked whether it is up."""

Run = Callable[[Settings], object]


def releases(count: int) -> list[Record]:
    """`count` releases in Japanese in one month, so that one list names them all, without files."""
    step = timedelta(days=28) / count
    japanese = (record for record in generate(2 * count) if record.lang == "ja")
    return [
        replace(
            record,
            path=f"/press/press_{number:05}.html",
            published_at=LAST - step * (count - 1 - number),
            attachments=(),
        )
        for number, record in enumerate(islice(japanese, count))
    ]


@contextmanager
def server(home: Path) -> Iterator[int]:
    """A Prefect server on loopback, and this process set to it; its process, ended with the block."""
    port = free_port()
    os.environ |= {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
        # Pages are read here, not by processes of their own: their work would be in no figure.
        "MOEJ_WORKERS": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(os.environ["PREFECT_API_URL"] + "/health")
            yield process.pid
        finally:
            process.kill()


def wait_for(address: str) -> None:
    """Return once the server answers."""
    for _ in range(STARTS):
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit(f"no Prefect server at {address}")


def worked(pid: int) -> float:
    """Seconds that a process has worked so far, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def without(settings: Settings) -> object:
    """The job with its plain steps."""
    return jobs.daily(settings, Steps())


def with_prefect(settings: Settings) -> object:
    """The same job as the flow that is deployed."""
    from prefect._internal.concurrency.services import _QueueServiceBase

    from flows.daily import daily

    report = daily(data=settings.data, site=settings.site, pause=settings.pause, now=settings.now)
    # Logs and events go to the server beside the run; a process that ends waits for them.
    _QueueServiceBase.drain_all()
    return report


def timed(run: Run, room: PressRoom) -> tuple[float, float, int]:
    """Seconds by the clock and of work of a first run on an empty archive, and its releases."""
    with tempfile.TemporaryDirectory(prefix="overhead-") as place:
        settings = Settings(data=Path(place), site=room.url, pause=0, now=NOW)
        begun, worked = time.perf_counter(), time.process_time()
        run(settings)
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
        with open_archive(settings.archive) as archive:
            return seconds, work, int(archive.rows("SELECT count(*) AS n FROM releases")[0]["n"])


def main() -> int:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    made = releases(given.pages)
    taken: dict[str, list[tuple[float, float, float]]] = {"without Prefect": [], "with Prefect": []}
    lost = 0
    runs = (("without Prefect", without), ("with Prefect", with_prefect))
    with tempfile.TemporaryDirectory(prefix="prefect-") as home, server(Path(home)) as pid:
        begun = time.process_time()
        import flows.daily  # noqa: F401 - its import is what is measured

        imported = time.process_time() - begun
        for _, run in runs:
            # The first run of a process opens dictionaries and connections that all later ones use.
            with PressRoom(made[:20], now=NOW) as room:
                timed(run, room)
        for _ in range(given.rounds):
            for name, run in runs:
                at_the_server = worked(pid)
                with PressRoom(made, now=NOW) as room:
                    seconds, work, found = timed(run, room)
                taken[name].append((seconds, work, worked(pid) - at_the_server))
                lost += len(made) - found
                print(
                    f"{name:<16} {len(made):>6} pages {seconds:>8.2f} s, {work:>6.2f} s of work", flush=True
                )
    (plain, plain_work, idle), (flow, flow_work, served) = (
        map(min, zip(*each, strict=True)) for each in taken.values()
    )
    more = flow_work - plain_work
    print(f"overhead by the clock: {flow - plain:.2f} s, {(flow - plain) / plain:.1%} (aim: {AIM:.0%})")
    print(f"overhead of work: {more:.2f} s, {more / plain_work:.1%}")
    print(f"the server's own work: {served:.2f} s, beside {idle:.2f} s during a run without Prefect")
    once = f"the import ({imported:.1f} s) and the server included"
    print(f"at {PAUSE} s a page: {(more + imported + served) / (len(made) * PAUSE):.3%}, {once}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
