"""The reading room beside Datasette: rate and 95th percentile of the list, release and search pages.

    python -m bench.web --releases 30000 --seconds 10 --datasette /path/to/datasette

Both serve the same releases on loopback, ours from DuckDB, Datasette from an export to SQLite with an FTS5
index over trigrams, showing the columns that our pages show. `wrk` asks with four connections. "first" asks
1,500 different addresses with our memory for answers switched off; "again" asks forty of them over and over,
which is what a page that many people look at costs.
"""

import argparse
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import IO, Any, Final
from urllib.parse import quote

import duckdb
import httpx

from bench.warehouse_corpus import KATAKANA, NOUNS, Corpus, row
from warehouse import search
from warehouse.columns import PLACED, READ, schema
from warehouse.migrate import migrate
from warehouse.tables import insert

SERVE: Final = """
import sys
from pathlib import Path
from web import Limits, Room, serve
room = Room(Path(sys.argv[1]), limits=Limits(cached_bytes=int(sys.argv[2])))
serve(room, host="127.0.0.1", port=0, on_ready=lambda address: print(address, flush=True))
"""
LUA: Final = """
local paths = {}
for path in io.lines("%s") do table.insert(paths, path) end
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at], {["Accept"] = "text/html", ["Accept-Encoding"] = "identity"})
end
done = function(summary, latency, requests)
  local errors = summary.errors.status + summary.errors.timeout + summary.errors.read
  local rate = summary.requests / summary.duration * 1e6
  local p95 = latency:percentile(95) / 1000
  io.write(string.format('{"rate": %%f, "p95": %%f, "errors": %%d}', rate, p95, errors))
end
"""
BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests a second, 95th percentile in milliseconds, and answers that failed."""

    rate: float
    p95: float
    errors: int


def build(folder: Path, count: int) -> list[str]:
    """An archive of so many releases, and the same in SQLite; gives the ids."""
    rows = [
        one | {"body_markdown": one["body"]}
        for made in Corpus(count)
        for one in (row(made, version=1, versions=1),)
    ]
    columns = schema({"release_id": READ["url"], **READ, **PLACED, "extractor_version": READ["url"]})
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{folder}/archive.duckdb' AS archive (STORAGE_VERSION 'v1.2.0')")
        db.execute("USE archive")
        migrate(db)
        for start in range(0, count, BATCH):
            insert(db, "release_versions", rows[start : start + BATCH], columns)
        ids = [str(one["release_id"]) for one in rows]
        search.update(db, ids)
    _sqlite(folder / "releases.db", rows)
    return ids


def _sqlite(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    with sqlite3.connect(path) as db:
        db.execute(
            "CREATE TABLE releases (release_id TEXT PRIMARY KEY, published_on TEXT, lang TEXT, title TEXT, "
            "body TEXT, url TEXT, categories TEXT, countries TEXT, jcm_role TEXT, jcm_kind TEXT)"
        )
        names = (
            "release_id",
            "published_on",
            "lang",
            "title",
            "body",
            "url",
            "categories",
            "countries",
            "jcm_role",
        )
        db.executemany(
            "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ([_text(one[name]) for name in (*names, "jcm_kind")] for one in rows),
        )
        db.execute("CREATE INDEX by_day ON releases (published_on)")
        db.execute(
            "CREATE VIRTUAL TABLE releases_fts USING "
            "fts5(title, body, content='releases', tokenize='trigram')"
        )
        db.execute("INSERT INTO releases_fts (releases_fts) VALUES ('rebuild')")
    db.close()


def _text(value: object) -> object:
    return value if value is None or isinstance(value, str) else json.dumps(value, default=str).strip('"')


def questions(ids: Sequence[str], count: int) -> dict[str, tuple[list[str], list[str]]]:
    """For each page so many addresses of ours and of Datasette that ask the same."""
    draw = random.Random(7)  # noqa: S311 - the same questions in every run
    days = [f"{one[:4]}-{one[4:6]}-{one[6:8]}" for one in draw.sample(ids, min(count, len(ids)))]
    some = draw.sample(ids, min(count, len(ids)))
    words = [one for one in KATAKANA if len(one) > 2]
    pairs = [f"{draw.choice(NOUNS)}{draw.choice(NOUNS)}" for _ in range(count)]
    wanted = [draw.choice(words) if number % 2 else pairs[number] for number in range(count)]
    shown = "&".join(
        f"_col={one}" for one in ("published_on", "title", "categories", "jcm_kind", "countries")
    )
    sort = f"_sort_desc=published_on&_size=25&{shown}"
    return {
        "list": (
            [f"/releases?to={day}" for day in days],
            [f"/releases/releases?published_on__lte={day}&{sort}" for day in days],
        ),
        "release": ([f"/releases/{one}" for one in some], [f"/releases/releases/{one}" for one in some]),
        "search": (
            [f"/search?q={quote(one)}" for one in wanted],
            [f"/releases/releases?_search={quote(one)}&_size=25&{shown}" for one in wanted],
        ),
    }


def _drain(pipe: IO[str] | None) -> None:
    with suppress(ValueError):
        deque(pipe or (), maxlen=0)


@contextmanager
def started(command: Sequence[str], pattern: str) -> Iterator[str]:
    """A server for the block; its address is what `pattern` finds in what it says."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            found = next((m for line in process.stdout or () if (m := re.search(pattern, line))), None)
            if found is None:
                raise SystemExit(f"{command[0]} did not start")
            # A server that logs every request stops at a full pipe unless somebody reads it.
            threading.Thread(target=_drain, args=(process.stdout,), daemon=True).start()
            yield found[0]
        finally:
            process.terminate()


def ask(address: str, paths: Sequence[str], *, seconds: int, folder: Path) -> Figures:
    """Ask for these paths again and again for so many seconds."""
    listed, script = folder / "paths.txt", folder / "ask.lua"
    listed.write_text("\n".join(paths), encoding="utf-8")
    script.write_text(LUA % listed, encoding="utf-8")
    done = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), address],
        capture_output=True,
        text=True,
        check=True,
    )
    return Figures(**json.loads(done.stdout[done.stdout.rindex("{") :]))


def first_page(address: str, folder: Path) -> None:
    """What the first page costs who comes first after the start or a load, and who comes later; its size."""
    with httpx.Client(base_url=address, headers={"accept-encoding": "identity"}) as client:
        began = _milliseconds(client)
        later = median(_milliseconds(client) for _ in range(20))
        at_once, soon = (median(_after_load(client, folder, wait) for _ in range(5)) for wait in (0.0, 2.0))
        page = client.get("/")
        parts = re.findall(r'(?:src|stylesheet" href)="(/static/[^"]+)"', page.text)
        size = len(page.content) + sum(int(client.get(one).headers["content-length"]) for one in parts)
    print(
        f"first page: {began:.1f} ms after the start, {at_once:.1f} ms at the moment of a load, "
        f"{soon:.1f} ms two seconds after it, else {later:.1f} ms; {size / 1000:.0f} kB"
    )


def _after_load(client: httpx.Client, folder: Path, wait: float) -> float:
    """Milliseconds of the first page so many seconds after the archive was replaced."""
    shutil.copyfile(folder / "archive.duckdb", folder / "archive.next")
    (folder / "archive.next").replace(folder / "archive.duckdb")
    sleep(wait)
    return _milliseconds(client)


def _milliseconds(client: httpx.Client) -> float:
    start = perf_counter()
    client.get("/").raise_for_status()
    return 1000 * (perf_counter() - start)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--datasette", default=shutil.which("datasette"))
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        print("wrk is not installed: nothing asked")
        return
    with tempfile.TemporaryDirectory(prefix="web-bench-") as name:
        folder = Path(name)
        pages = questions(build(folder, given.releases), 1_500)
        run = [sys.executable, "-c", SERVE, name]
        servers = {"moej, first": [*run, "0"], "moej, again": [*run, "48000000"]}
        if given.datasette:
            peer = [given.datasette, "serve", f"{name}/releases.db", "-p", "0"]
            servers["Datasette"] = [*peer, "--setting", "suggest_facets", "off"]
        else:
            print("Datasette is not installed: left out")
        print(f"{given.releases} releases, 4 connections, {given.seconds} s each")
        print(f"{'':20}{'page':10}{'req/s':>10}{'p95 ms':>10}{'failed':>8}")
        for who, command in servers.items():
            with started(command, r"http://127\.0\.0\.1:\d+") as address:
                if "first" in who:
                    first_page(address, folder)
                for page, (ours, theirs) in pages.items():
                    paths = theirs if who == "Datasette" else ours[:40] if "again" in who else ours
                    # Beforehand, so that what a server reads once after it started is not counted.
                    ask(address, paths[:1], seconds=1, folder=folder)
                    one = ask(address, paths, seconds=given.seconds, folder=folder)
                    print(f"{who:20}{page:10}{one.rate:10.0f}{one.p95:10.1f}{one.errors:8}", flush=True)


if __name__ == "__main__":
    main()
