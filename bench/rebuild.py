"""From the raw archive to versions: pages a second beside the bare sum of warcio reading and lexbor parsing.

    python -m bench.rebuild --size small      # 3,000 pages
    python -m bench.rebuild --size full       # 30,000 pages, and the memory of both sizes
    python -m bench.rebuild --size flat       # 3,000 to 60,000 pages: what memory does

The pages are those of `pressroom.generate`, with menus of 40 KiB as the real site's; each is an archived
response in a log of ours, and both sides read the same files. Each figure comes from a process of its own,
one after the other.

The bare sum is one process on one core, and makes nothing of the pages. `read` makes records of them, in one
process as well, and keeps none: half of its seconds is what a rebuild on two cores cannot go below. The
rebuild has two processes that read besides the one that writes, on two cores, as `moej rebuild` has there;
its seconds begin before its libraries are imported. `CPU s` are those of all its processes together, so that
what two cores give can be told from what the work costs. `MiB` are the peak of the first process and of the
largest other one. The first writes out 4,096 rows at a time (`warehouse.memory`), so it grows until as many
pages have been read.
"""

import argparse
import json
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench.watching import watched

SIZES: Final = {"small": (3_000,), "full": (3_000, 30_000), "flat": (3_000, 10_000, 30_000, 60_000)}
WEIGHT: Final = 40_000
NOW: Final = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def make(folder: Path, count: int) -> None:
    """A log of `count` pages, as a crawl would have left it."""
    from flows import steps
    from pressroom import generate
    from sources import Log, RunNote

    log = Log(folder / "warc", clock=lambda: NOW)
    note = RunNote("bench", "import", "https://www.env.go.jp", NOW, "bench")
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n"
    with log.writer(note, clock=lambda: NOW, new_id=steps.new_id, max_bytes=50_000_000) as writer:
        for url, body in generate(count).pages(weight=WEIGHT):
            writer.saved(
                "response",
                url=url,
                at=NOW,
                body=body,
                head=head,
                media_type="application/http; msgtype=response",
            )


def bare(folder: Path) -> int:
    """Let warcio read every record and lexbor parse every page; nothing is made of them."""
    from selectolax.lexbor import LexborHTMLParser
    from warcio.archiveiterator import ArchiveIterator

    count = 0
    for path in sorted((folder / "warc").rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    LexborHTMLParser(record.content_stream().read())
                    count += 1
    return count


def reading(folder: Path) -> int:
    """Read every page into its record, as the processes of a rebuild do; nothing is kept."""
    import extractors
    from sources import Log
    from warehouse.slices import read_slice, slices_of

    log = Log(folder / "warc")
    how: dict[str, Any] = {"read": extractors.read, "read_listing": extractors.read_listing}
    parts = (part for file in log.sealed() for part in slices_of(log, file))
    return sum(len(read_slice(log, part, **how).readings) for part in parts)


def rebuilt(folder: Path) -> int:
    """`moej rebuild` with two processes reading."""
    from flows import steps
    from flows.settings import Settings
    from warehouse import open_archive

    settings = Settings(data=folder, now=NOW, workers=2)
    steps.rebuild(settings)
    with open_archive(settings.archive) as archive:
        return int(archive.rows("SELECT count(*) AS n FROM captures WHERE content_hash IS NOT NULL")[0]["n"])


def child(work: str, folder: Path) -> None:
    """Do one piece of work and print what it took."""
    begun = time.perf_counter()
    pages = {"bare": bare, "read": reading, "rebuild": rebuilt}[work](folder)
    seconds = time.perf_counter() - begun
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "seconds": seconds, "mib": mib}))


def measured(work: str, folder: Path) -> dict[str, Any]:
    """The figures of a piece of work, from processes of its own."""
    found = watched(["-m", "bench.rebuild", "--child", work, str(folder)], work)
    workers = [mib for pid, mib in found.peaks.items() if pid != found.pid]
    return found.figures | {"cpu": sum(found.seconds.values()), "workers_mib": max(workers, default=0)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    print(f"{'pages':>7} {'work':<8} {'seconds':>8} {'pages/s':>8} {'CPU s':>7} {'MiB':>10}")
    for count in SIZES[given.size]:
        with tempfile.TemporaryDirectory(prefix="rebuild-") as place:
            make(Path(place), count)
            times = {work: measured(work, Path(place)) for work in ("bare", "read", "rebuild")}
        for work, one in times.items():
            pace = one["pages"] / one["seconds"]
            memory = f"{one['mib']:.0f} + {one['workers_mib']:.0f}"
            spent = f"{one['seconds']:>8.1f} {pace:>8.0f} {one['cpu']:>7.1f} {memory:>10}"
            print(f"{one['pages']:>7} {work:<8} {spent}")
        wall, cpu = (times["rebuild"][name] / times["bare"][name] for name in ("seconds", "cpu"))
        print(
            f"        rebuild takes {wall:.2f} times the bare sum (aim: at most 2), {cpu:.2f} times its CPU"
        )
        least = times["read"]["seconds"] / 2 / times["bare"]["seconds"]
        print(f"        reading alone, on two cores, takes {least:.2f} times the bare sum")


if __name__ == "__main__":
    main()
