"""The archive's figures: loads beside dlt's SCD 2, then what analysts ask of a million versions.

    python -m bench.warehouse [--size small|middle|full] [--peer-python PYTHON] [--keep FOLDER]

small: 1,000 releases, then 10,000 versions; under a minute. middle: 10,000 releases, then 200,000 versions;
some minutes. full: 30,000 releases, then 1,000,000 versions; half an hour, most of it building. dlt runs
where it is installed: in the Python that `--peer-python` (or MOEJ_PEER_PYTHON) names. `--keep` leaves the big
archive in a folder and finds it there the next time.
"""

import argparse
import gc
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from bench.warehouse_big import build, releases_of
from bench.warehouse_corpus import Corpus, Made
from bench.warehouse_log import PlayedLog, read, read_listing
from warehouse import Archive, Store, materialise, open_archive
from warehouse.duplicates import update as update_duplicates
from warehouse.follow import FOLLOWERS, Follow
from warehouse.search import search
from warehouse.search import update as update_search
from warehouse.stores.copying import copy_file
from warehouse.stores.draft import Place

ABSENT = "dlt: skipped, not installed here; name a Python that has it by --peer-python"
QUERIES = (
    "二国間クレジット",
    "ＪＣＭ",
    "環境",
    "排出削減量",
    "プラスチック リサイクル",
    '"第12回会合"',
    "title:モンゴル 開催",
    "kind:credits country:MN",
    "水素 from:2015 to:2020",
    "内線7610",
    "2005年4月",
    "環境調査",
    "カーボンニュートラル",
    "気候変動 -温暖",
    "category:地球環境 フロン",
    "お知らせ",
    "開催について",
    "連絡先",
    "JCM 発行 -タイ",
    "福島 除染 健康",
)
DAYS = 5
"""Loads and checks that are timed; the median is what counts, all are shown."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much: releases of the loads, releases and versions of the big archive."""

    loads: int
    releases: int
    versions: int


SIZES = {
    "small": Size(1_000, 3_000, 10_000),
    "middle": Size(10_000, 60_000, 200_000),
    "full": Size(30_000, 300_000, 1_000_000),
}


def timed(job: Callable[[], object]) -> float:
    """Seconds a job takes."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def load(archive: Store, log: PlayedLog, follow: tuple[Follow, ...]) -> None:
    """One load of what is sealed."""
    with archive.draft() as draft:
        materialise(
            draft,
            log,
            read=read,
            read_listing=read_listing,
            extractor_version="bench",
            workers=2,
            follow=follow,
        )


def days(count: int) -> dict[str, list[Made]]:
    """What the source shows on four days, as (name, all releases, those that are new or changed)."""
    every = list(Corpus(count + 15))
    first, new = every[:count], every[count:]
    changed = [replace(made, body=made.body + "\n※数値を訂正しました。") for made in first[:200]]
    return {"first": first, "unchanged": first, "delta": new, "changed": changed}


def ours(folder: Path, shown: dict[str, list[Made]], follow: tuple[Follow, ...]) -> dict[str, float]:
    """Seconds of each day's load through the archive: copy, load, check, replace."""
    archive, log = Archive(folder / "archive.duckdb"), PlayedLog()
    seconds = {}
    for name, made in shown.items():
        log.day(made, unchanged=name == "unchanged")
        # The other days lie in memory only for the benchmark: a load would collect garbage among them.
        gc.collect()
        gc.freeze()
        seconds[name] = timed(lambda: load(archive, log, follow))
    return seconds


def peers(folder: Path, shown: dict[str, list[Made]], python: str | None) -> dict[str, float] | None:
    """Seconds of the same days through dlt; None where it is absent."""
    if (
        python is None
        or subprocess.run([python, "-c", "import dlt"], check=False, capture_output=True).returncode
    ):
        return None
    for name, made in seen_by_peer(shown).items():
        columns = ("release_id", "title", "published_on", "body", "jcm")
        table = pa.table({column: [getattr(one, column) for one in made] for column in columns})
        pq.write_table(table, folder / f"{name}.parquet")
    script = Path(__file__).with_name("warehouse_dlt.py")
    done = subprocess.run([python, str(script), str(folder)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def seen_by_peer(shown: dict[str, list[Made]]) -> dict[str, list[Made]]:
    """SCD 2 retires what is not shown, so dlt is shown everything each day."""
    first, new, changed = shown["first"], shown["delta"], shown["changed"]
    with_new = [*first, *new]
    return {
        "first": first,
        "unchanged": first,
        "delta": with_new,
        "changed": [*changed, *with_new[len(changed) :]],
    }


def compare_loads(size: Size, python: str | None) -> None:
    """Print the four loads beside dlt's."""
    shown = days(size.loads)
    with tempfile.TemporaryDirectory(prefix="moej-bench-") as name:
        folder = Path(name)
        for part in ("versions", "all"):
            (folder / part).mkdir()
        versions = ours(folder / "versions", shown, ())
        everything = ours(folder / "all", shown, FOLLOWERS)
        theirs = peers(folder, shown, python)
    print(
        f"\nloads, {size.loads:,} releases\n{'versions':>36} {'+ search, duplicates':>22} {'dlt SCD 2':>13}"
    )
    labels = {
        "first": "first load",
        "unchanged": "unchanged again",
        "delta": "15 new",
        "changed": "200 changed",
    }
    for day, label in labels.items():
        peer = f"{theirs[day]:9.2f} s {theirs[day] / versions[day]:13.1f} ×" if theirs else ""
        print(f"  {label:<22} {versions[day]:10.2f} s {everything[day]:18.2f} s     {peer}")
    if theirs is None:
        print(f"  {ABSENT}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed (nearest rank)."""
    return sorted(values)[max(0, ceil(len(values) * share) - 1)]


def ask(path: Place) -> None:
    """Print what analysts wait for."""
    with open_archive(path) as reader:
        con = reader.db
        count = "SELECT count(*) FROM releases_as_of(TIMESTAMPTZ '2015-06-01 00:00:00+00')"
        some = con.execute("SELECT release_id FROM releases USING SAMPLE 20").fetchall()
        report("as-of count", [timed(lambda: con.execute(count).fetchall()) for _ in range(20)])
        report("one release's history", [timed(partial(by_history, con, *one)) for one in some])
        report("search, Python, 20 hits", [timed(partial(search, con, query)) for query in QUERIES * 3])
        report("search, SQL macro", [timed(partial(by_macro, con, query)) for query in QUERIES * 3])


def by_history(con: DuckDBPyConnection, release_id: str) -> None:
    """Every version of a release."""
    sql = "SELECT version, valid_from, change FROM release_versions WHERE release_id = ? ORDER BY version"
    con.execute(sql, [release_id]).fetchall()


def by_macro(con: DuckDBPyConnection, query: str) -> None:
    """The search as any client asks it."""
    con.execute("SELECT release_id, title FROM search_releases(?, most := 20)", [query]).fetchall()


def report(label: str, seconds: Sequence[float]) -> None:
    """Print median, p95 and the longest in milliseconds; the first time, with nothing in memory, counts."""
    parts = {"p50": statistics.median(seconds), "p95": percentile(seconds, 0.95), "longest": max(seconds)}
    shown = "   ".join(f"{name} {value * 1000:8.1f} ms" for name, value in parts.items())
    print(f"  {label:<34} {shown}   of {len(seconds)}")


def grow(path: Path, size: Size) -> None:
    """Print days' loads into the big archive, in their parts."""
    archive = Archive(path)
    copy = timed(lambda: shutil.copyfile(path, path.with_suffix(".copy")))
    path.with_suffix(".copy").unlink()
    log = PlayedLog(first=1_000_000)
    made = [replace(one, number=one.number + 900_000) for one in releases_of(size.releases, DAYS * 15)]
    whole, bare = [], []
    for start in range(0, len(made), 15):
        log.day(made[start : start + 15])
        whole.append(timed(lambda: load(archive, log, FOLLOWERS)))
        bare.append(timed(lambda: replaced_untouched(archive)))
    beyond = [one - other for one, other in zip(whole, bare, strict=True)]
    print(f"  {'copy of the file alone':<34} {copy:9.2f} s")
    for label, seconds in (
        ("replace without a change", bare),
        ("15 new releases, whole load", whole),
        ("15 new releases, beyond replacing", beyond),
        ("near-duplicates of ten", near_duplicates(archive)),
    ):
        shown = " ".join(f"{one:.2f}" for one in seconds)
        print(f"  {label:<34} {statistics.median(seconds):9.2f} s   (in turn {shown})")


def near_duplicates(archive: Archive) -> list[float]:
    """Seconds of five checks of ten releases each, none of them kept."""
    seconds = []
    for seed in range(DAYS):
        with archive.draft() as draft:
            every = [row[0] for row in draft.db.execute("SELECT release_id FROM releases").fetchall()]
            ids = Random(seed).sample(sorted(every), 10)  # noqa: S311 - the same ten each time, not secret
            seconds.append(timed(partial(update_duplicates, draft.db, ids)))
            draft.discard()
    return seconds


def up_to_date(path: Path) -> None:
    """Bring a kept archive to the tables of today, search index included."""
    with Archive(path).draft() as draft:
        update_search(draft.db, [])


def replaced_untouched(archive: Archive) -> None:
    """A draft that changes nothing, put in place all the same: copy, checkpoint, check, sync, rename."""
    with archive.draft():
        pass


def big(size: Size, kept: Path | None) -> None:
    """Build the big archive, or find it, and ask it."""
    with tempfile.TemporaryDirectory(prefix="moej-bench-") as name:
        path = (kept or Path(name)) / f"{size.versions}" / "archive.duckdb"
        print(f"\n{size.versions:,} versions of {size.releases:,} releases")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            for label, seconds in build(Archive(path), size.releases, size.versions):
                print(f"  building: {label:<24} {seconds:9.1f} s")
        else:
            print(f"  {'kept; brought up to date in':<34} {timed(lambda: up_to_date(path)):9.1f} s")
        print(f"  {'file':<34} {path.stat().st_size / 1e6:9.0f} MB")
        ask(path)
        # On a copy: a kept archive that has these releases already would have nothing to load the next time.
        grown = Path(name) / "grown" / "archive.duckdb"
        grown.parent.mkdir()
        copy_file(path, grown)
        grow(grown, size)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'peak memory of this process':<34} {peak:9.0f} MB")


def main() -> None:
    """Run the benchmark that was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.warehouse", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--size", choices=sorted(SIZES), default="small")
    parser.add_argument("--peer-python", default=os.environ.get("MOEJ_PEER_PYTHON", sys.executable))
    parser.add_argument("--keep", type=Path, default=None)
    given = parser.parse_args()
    # Said before the first load, not after minutes of it.
    if given.peer_python is not None and shutil.which(given.peer_python) is None:
        parser.error(f"--peer-python {given.peer_python}: no such program; name a Python that has dlt")
    compare_loads(SIZES[given.size], given.peer_python)
    big(SIZES[given.size], given.keep)


if __name__ == "__main__":
    main()
