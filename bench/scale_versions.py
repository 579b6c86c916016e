"""The same versions in a native file and on a lake: building, sizes, what analysts ask, a day's load.

The lake's catalogue is in a PostgreSQL that is started for this, on this machine, without fsync; its Parquet
files lie on the same disk as the native file. Nothing of the network is in these figures.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bench.warehouse import ask, load
from bench.warehouse_big import build, releases_of
from bench.warehouse_log import PlayedLog
from tests.postgres import server
from warehouse import Archive, Store
from warehouse.follow import FOLLOWERS
from warehouse.stores.draft import Place
from warehouse.stores.lake import Lake
from warehouse.stores.lake_archive import LakeArchive

DAYS = 3


def compare(releases: int, versions: int, kept: Path | None) -> None:
    """Print all figures of one back end, then of the other."""
    with TemporaryDirectory(prefix="moej-scale-") as name:
        folder = (kept or Path(name)) / str(versions)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "archive.duckdb"
        print(f"\n{versions:,} versions of {releases:,} releases, native file")
        one(Archive(path), path, lambda: path.stat().st_size, releases, versions, built=path.exists())
        # The catalogue does not outlive this, so its files are not kept either.
        with TemporaryDirectory(dir=folder) as parquet, server() as conninfo:
            Path(parquet).chmod(0o755)
            lake = Lake(conninfo, parquet, chosen=True)
            print(f"\n{versions:,} versions of {releases:,} releases, lake")
            archive = LakeArchive(lake, Path(name) / "state.sqlite")
            one(archive, lake, lambda: lying_in(Path(parquet)), releases, versions, built=False)
            print(f"  {'of it live, and the catalogue':<34} {catalogued(lake)}")


def one(  # noqa: PLR0913 - a back end and how much
    archive: Store, place: Place, size: Callable[[], int], releases: int, versions: int, *, built: bool
) -> None:
    """Build an archive if it is not kept, weigh it, ask it, and load some days into it."""
    if not built:
        for label, seconds in build(archive, releases, versions):
            print(f"  building: {label:<24} {seconds:9.1f} s", flush=True)
    print(f"  {'bytes on disk':<34} {size() / 1e6:9.0f} MB", flush=True)
    ask(place)
    for day in range(DAYS):
        log = PlayedLog(first=1_000_000 + day + int(time.time()) % 1_000_000)
        new = releases_of(releases, 15)
        number = 900_000 + 1_000 * log.first
        log.day([replace(made, number=made.number + number) for made in new])
        with timing(f"day {day + 1}: 15 new releases, whole load"):
            load(archive, log, FOLLOWERS)
    print(f"  {'bytes on disk, after these days':<34} {size() / 1e6:9.0f} MB", flush=True)


@contextmanager
def timing(label: str) -> Iterator[None]:
    """Print the seconds of a block."""
    begun = time.perf_counter()
    yield
    print(f"  {label:<34} {time.perf_counter() - begun:9.2f} s", flush=True)


def lying_in(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def catalogued(lake: Lake) -> str:
    """How much of a lake is of its newest state, and how large its catalogue is."""
    db = lake.attach()
    try:
        files, live = db.execute(
            "SELECT sum(file_count + delete_file_count)::BIGINT, "
            "sum(file_size_bytes + delete_file_size_bytes)::BIGINT FROM ducklake_table_info('archive')"
        ).fetchall()[0]
    finally:
        db.close()
    with psycopg.connect(lake.conninfo) as catalogue:
        size = catalogue.execute("SELECT pg_database_size(current_database())").fetchall()[0][0]
    return f"{live / 1e6:9.0f} MB in {files} files, {size / 1e6:.0f} MB of PostgreSQL"
