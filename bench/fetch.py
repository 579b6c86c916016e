"""Fetching over loopback without pauses, every answer into WARC and synced, beside Scrapy on the same site.

    python -m bench.fetch [--pages 500] [--kib 48] [--peer-python PYTHON]

Scrapy runs where it is installed: in this interpreter, or in the one that `--peer-python` (or
MOEJ_PEER_PYTHON) names. It keeps no archive: its figure is fetching alone. A third line is the bare sum
of the HTTP library without archive, the bound for a client of one request at a time.
"""

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

ABSENT = "not installed here; name a Python that has it by --peer-python"
SPIDER = """
import json, sys, time
import scrapy
from scrapy.crawler import CrawlerProcess

base, pages, at_once = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

class Spider(scrapy.Spider):
    name = "bench"
    seen = 0
    begun = None
    custom_settings = {
        "CONCURRENT_REQUESTS": at_once, "CONCURRENT_REQUESTS_PER_DOMAIN": at_once, "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": False, "RETRY_ENABLED": False,
    }
    async def start(self):
        Spider.begun = time.perf_counter()
        for number in range(pages):
            yield scrapy.Request(f"{base}/press/press_{number:05d}.html")
    def parse(self, response):
        assert response.status == 200 and len(response.body) > 1000
        Spider.seen += 1
    def closed(self, reason):
        print(json.dumps({"seen": Spider.seen, "seconds": time.perf_counter() - Spider.begun}))

process = CrawlerProcess()
process.crawl(Spider)
process.start()
"""


def page(number: int, kib: int) -> bytes:
    """A page of about `kib` KiB in the site's markup, no two alike."""
    dice = random.Random(number)  # noqa: S311 - filling, no secret
    words = ["環境省", "二国間クレジット", "制度", "について", "開催", "しました。", "第5回会合", "対策"]
    text = "".join(dice.choice(words) for _ in range(kib * 1024 // 12))
    return (
        f"<!DOCTYPE html><html lang='ja'><head><title>第{number}報</title></head><body><main>"
        f"<div class='p-press-release-material'><p>2026年06月01日</p><h1>第{number}報</h1></div>"
        f"<p>{text}</p></main></body></html>"
    ).encode()


def serve(pages: int, kib: int) -> None:
    """A site in memory on a port of its own, answers ready before the first request; prints the port."""
    import socketserver

    ready: dict[bytes, bytes] = {b"/robots.txt": answer(b"User-agent: *\n", b"text/plain")}
    for number in range(pages):
        body = gzip.compress(page(number, kib), 6)
        ready[b"/press/press_%05d.html" % number] = answer(
            body, b"text/html; charset=UTF-8", b"Content-Encoding: gzip\r\n"
        )

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            while line := self.rfile.readline():
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(ready[line.split()[1]])

    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


def answer(body: bytes, media_type: bytes, more: bytes = b"") -> bytes:
    """A whole HTTP answer."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
    return head % (media_type, len(body), more) + body


@contextmanager
def site(pages: int, kib: int) -> Iterator[str]:
    """The site in a process of its own; its address."""
    command = [sys.executable, "-m", "bench.fetch", "--serve", "--pages", str(pages), "--kib", str(kib)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None  # noqa: S101 - it was asked for in the line above
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def ours(base: str, pages: int) -> float:
    """Seconds of a whole run of ours: lock, rules, fetch, WARC, fsync per page, sealing."""
    from extractors import Unreadable
    from sources import Capture, Log, RunNote
    from sources.collect import Collector
    from sources.manners import Manners

    def clock() -> datetime:
        return datetime.now(UTC)

    with tempfile.TemporaryDirectory(prefix="sources-bench-") as folder:
        begun = time.perf_counter()
        with Collector(
            Log(Path(folder) / "warc"),
            RunNote(str(uuid4()), "backfill", base, clock(), "moej/bench"),
            clock=clock,
            new_id=lambda: str(uuid4()),
            read_listing=lambda *_, **__: Unreadable("none"),
            known={},
            manners=Manners(pause=0),
        ) as collector:
            wanted = (f"https://www.env.go.jp/press/press_{number:05d}.html" for number in range(pages))
            results = list(collector.pages(wanted))
        seconds = time.perf_counter() - begun
    good = sum(isinstance(each, Capture) and each.verdict == "good" for each in results)
    if good != pages:
        raise SystemExit(f"fetched {good} of {pages} pages well; the figure would mean nothing")
    return seconds


def bare(base: str, pages: int) -> float:
    """Seconds of the HTTP library alone, one request at a time, nothing kept."""
    import httpx

    with httpx.Client() as client:
        begun = time.perf_counter()
        for number in range(pages):
            client.get(f"{base}/press/press_{number:05d}.html").raise_for_status()
        return time.perf_counter() - begun


def scrapy(python: str, at_once: int) -> Callable[[str, int], float | None]:
    """Scrapy with so many requests at once; None where it is not installed."""

    def run(base: str, pages: int) -> float | None:
        done = subprocess.run(
            [python, "-c", SPIDER, base, str(pages), str(at_once)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return None
        said = json.loads(done.stdout.splitlines()[-1])
        return float(said["seconds"]) if said["seen"] == pages else None

    return run


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="pages per second without pauses, beside Scrapy")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--kib", type=int, default=48, help="size of a page before compression")
    parser.add_argument("--rounds", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--peer-python", default=os.environ.get("MOEJ_PEER_PYTHON", sys.executable))
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.pages, options.kib)
        return
    contestants: dict[str, Callable[[str, int], float | None]] = {
        "moej, WARC and fsync": ours,
        "Scrapy, 1 at once, nothing kept": scrapy(options.peer_python, 1),
        "Scrapy, 16 at once, nothing kept": scrapy(options.peer_python, 16),
        "httpx alone, nothing kept": bare,
    }
    print(f"fetch: {options.pages} pages of {options.kib} KiB, best of {options.rounds}")
    with site(options.pages, options.kib) as base:
        for name, run in contestants.items():
            times = [run(base, options.pages) for _ in range(options.rounds)]
            whole = [seconds for seconds in times if seconds is not None]
            figure = f"{options.pages / min(whole):8.0f} pages/s" if whole else f"skipped: {ABSENT}"
            print(f"  {name:34} {figure}")


if __name__ == "__main__":
    main()
