"""Politeness: the pause, the budget, robots.txt, one client at a time, and the log as its proof."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from extractors.errors import Stop
from sources import Failure, Log, collector_lock, load_lock
from sources.budget import DailyBudget
from sources.collect import Collector, Wire
from sources.conditions import retry_after
from sources.exchange import Headers
from sources.locks import held as lock_held
from sources.manners import FLOOR, Manners, Pace
from sources.records import parse_date
from tests.sources.faults import page
from tests.sources.kit import (
    BEGIN,
    MINISTRY,
    PAGE,
    Time,
    collector,
    counting,
    entries,
    held,
    known_of,
    note,
    read_listing,
)

PAGES = [PAGE.replace("05001", f"{number:05d}") for number in range(1, 5)]


def streamed(status: int, body: bytes, media_type: str, **fields: str) -> httpx.Response:
    """An answer whose body is still to be read, as it is with a network."""
    return httpx.Response(
        status, stream=httpx.ByteStream(body), headers={"Content-Type": media_type} | fields
    )


class Site:
    """A site without a network: robots.txt, and one page for all else; an answer takes half a second."""

    def __init__(self, time: Time, robots: str = "User-agent: *\n", robots_status: int = 200) -> None:
        self.time, self.robots, self.robots_status = time, robots, robots_status
        self.asked: list[httpx.Request] = []
        self.spans: list[tuple[float, float]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        begun = self.time.seconds
        self.asked.append(request)
        self.time.seconds += 0.5
        self.spans.append((begun, self.time.seconds))
        if request.url.path == "/robots.txt":
            return streamed(self.robots_status, self.robots.encode(), "text/plain")
        return streamed(200, page(), "text/html")

    def wire(self) -> Wire:
        """This site for a collector."""
        return replace(self.time.wire(), transport=httpx.MockTransport(self))

    @property
    def paths(self) -> list[str]:
        """What was asked."""
        return [request.url.path for request in self.asked]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log."""
    return Log(tmp_path / "warc")


def visit(
    log: Log,
    site: Site,
    *pages: str,
    base: str = MINISTRY,
    pause: float = FLOOR,
    run: str = "run-1",
) -> Collector:
    """One run over some pages."""
    manners = Manners(pause=pause, attempts=1)
    with collector(
        log, base, run_id=run, manners=manners, wire=site.wire(), known=known_of(log), clock=site.time.clock
    ) as running:
        list(running.pages(pages))
    return running


@pytest.mark.parametrize(("pause", "kept"), [(0.0, 3.0), (1.0, 3.0), (3.0, 3.0), (7.5, 7.5)])
def test_the_real_host_is_never_asked_faster_than_every_three_seconds(
    log: Log, pause: float, kept: float
) -> None:
    """Settings may slow us down; nothing makes us faster than the floor. The pause begins at the end."""
    site = Site(Time())
    visit(log, site, *PAGES, pause=pause)
    gaps = [begun - ended for (_, ended), (begun, _) in pairwise(site.spans)]
    assert gaps == [kept] * 4


def test_the_log_itself_proves_the_pause(log: Log) -> None:
    """Time and duration of every answer stand in the log: no two overlap, and the pause lies between."""
    visit(log, Site(Time()), *PAGES)
    spans = []
    for each in held(log):
        record = log.record(each.capture.warc_file, each.capture.warc_offset)
        begun = parse_date(record.fields["warc-date"])
        spans.append((begun, begun + timedelta(seconds=float(record.fields["warc-moej-seconds"]))))
    assert len(spans) == 5
    assert all(begun - ended >= timedelta(seconds=3) for (_, ended), (begun, _) in pairwise(spans))


def test_two_runs_one_after_the_other_keep_the_pause_too(log: Log) -> None:
    """The end of the last request is remembered between processes."""
    time = Time()
    first, second = Site(time), Site(time)
    visit(log, first, PAGES[0])
    time.seconds += 1.0
    visit(log, second, PAGES[1], run="run-2")
    assert second.spans[0][0] - first.spans[-1][1] == pytest.approx(3.0, abs=1e-3)


def test_a_clock_set_back_costs_one_pause_at_most(tmp_path: Path) -> None:
    """A mark from the future does not make a run wait for hours."""
    time = Time()
    mark = tmp_path / "mark"
    Pace(3.0, time.monotonic, time.sleep, lambda: time.wall() + 86_400, mark).ended()
    Pace(3.0, time.monotonic, time.sleep, time.wall, mark).wait()
    assert time.slept == [3.0]


def test_a_crawl_delay_slows_us_down(log: Log) -> None:
    """A longer pause that robots.txt asks for is kept."""
    site = Site(Time(), "User-agent: *\nCrawl-delay: 10\n")
    visit(log, site, *PAGES[:2], base="http://127.0.0.1:9", pause=0)
    assert site.spans[2][0] - site.spans[1][1] == 10.0


def test_what_robots_txt_forbids_is_not_asked(log: Log) -> None:
    """A forbidden page is a failure with that reason, and no request."""
    site = Site(Time(), "User-agent: *\nDisallow: /press/press_00002\n")
    visit(log, site, *PAGES[:3])
    assert site.paths == ["/robots.txt", "/press/press_00001.html", "/press/press_00003.html"]
    (failure,) = [entry for entry in entries(log) if isinstance(entry, Failure)]
    assert (failure.page, failure.reason) == (PAGES[1], "robots")


def test_a_mark_in_front_of_robots_txt_hides_no_rule(log: Log) -> None:
    """Editors write U+FEFF before the first line: taken for a part of it, all rules would be lost."""
    site = Site(Time(), "\ufeffUser-agent: *\nDisallow: /press/press_00002\n")
    visit(log, site, *PAGES[:2])
    assert site.paths == ["/robots.txt", "/press/press_00001.html"]


def test_rules_for_us_by_name_count(log: Log) -> None:
    """A group for moej holds, whatever the group for all says."""
    site = Site(Time(), "User-agent: *\nDisallow: /\n\nUser-agent: moej\nDisallow: /cgi-bin\n")
    visit(log, site, PAGES[0])
    assert len(site.asked) == 2


@pytest.mark.parametrize("status", [404, 403, 410])
def test_no_robots_txt_forbids_nothing(log: Log, status: int) -> None:
    """RFC 9309: 4xx means there are no rules."""
    site = Site(Time(), robots_status=status)
    visit(log, site, PAGES[0])
    assert site.paths[-1] == "/press/press_00001.html"


def test_an_empty_robots_txt_forbids_nothing(log: Log) -> None:
    """A file of no bytes is whole, and has no rule."""
    site = Site(Time(), robots="")
    visit(log, site, PAGES[0])
    assert site.paths[-1] == "/press/press_00001.html"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_txt_that_cannot_be_had_forbids_all(log: Log, status: int) -> None:
    """The run stops before it asks for a page."""
    site = Site(Time(), robots_status=status)
    with pytest.raises(Stop, match=r"robots\.txt cannot be"):
        visit(log, site, PAGES[0])
    assert set(site.paths) == {"/robots.txt"}


def test_robots_txt_is_asked_once_a_day(log: Log) -> None:
    """Within a day the log's copy holds; after it, it is asked again."""
    time = Time()
    site = Site(time)
    for run, hours in (("a", 0), ("b", 23), ("c", 2)):
        time.seconds += hours * 3600
        visit(log, site, PAGES[0], run=run)
    assert [path == "/robots.txt" for path in site.paths] == [True, False, False, True, False]


def test_one_honest_user_agent(log: Log) -> None:
    """Every request says who asks and whom to write to, and accepts only what we can undo."""
    site = Site(Time())
    visit(log, site, PAGES[0])
    assert {request.headers["user-agent"] for request in site.asked} == {"moej/test (+test@example.org)"}
    assert {request.headers["accept-encoding"] for request in site.asked} == {"gzip"}


def test_no_cookie_is_ever_sent_back(log: Log) -> None:
    """A cookie would make our requests one visitor with a history."""
    time = Time()
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return streamed(200, b"User-agent: *\n", "text/plain", **{"Set-Cookie": "id=1; Path=/"})

    wire = replace(time.wire(), transport=httpx.MockTransport(answer))
    with collector(log, MINISTRY, wire=wire) as running:
        list(running.pages(PAGES[:2]))
    assert [request.headers.get("cookie") for request in asked] == [None] * 3


def test_a_foreign_page_is_never_asked(log: Log) -> None:
    """A link to another host is a fact of the page that holds it, not a request of ours."""
    site = Site(Time())
    visit(log, site, "https://www.example.org/press/")
    assert site.paths == ["/robots.txt"]


def test_the_budget_of_a_day_outlives_the_run(log: Log, tmp_path: Path) -> None:
    """Requests are counted over all runs of a day in Japan; the next day begins anew."""
    moment = [datetime(2026, 6, 2, 14, 59, tzinfo=UTC)]
    budget = DailyBudget(tmp_path / "state.sqlite", 3, lambda: moment[0])
    site = Site(Time())
    with (
        pytest.raises(Stop, match="budget of 3 requests is used up"),
        Collector(
            log,
            note(MINISTRY),
            clock=lambda: BEGIN,
            new_id=counting(),
            read_listing=read_listing,
            known={},
            budget=budget,
            wire=site.wire(),
        ) as running,
    ):
        list(running.pages(PAGES))
    assert len(site.asked) == budget.spent() == 3
    with pytest.raises(Stop, match="used up"):
        budget.spend()
    moment[0] += timedelta(minutes=1)
    budget.spend()
    assert budget.spent() == 1


def test_the_budget_shares_its_file(tmp_path: Path) -> None:
    """Other tables of the small database are left alone."""
    with sqlite3.connect(tmp_path / "state.sqlite") as state:
        state.execute("CREATE TABLE deliveries (id TEXT)")
    state.close()
    DailyBudget(tmp_path / "state.sqlite", 1, lambda: BEGIN).spend()


def test_two_collectors_do_not_meet_at_the_site(log: Log) -> None:
    """The second leaves with a word about who is there; the first is not disturbed."""
    site = Site(Time())
    with collector(log, MINISTRY, wire=site.wire()) as first:
        list(first.pages(PAGES[:1]))
        second = collector(log, MINISTRY, run_id="run-2", wire=Site(Time()).wire())
        with pytest.raises(Stop, match=r"process \d+ \(.*\) holds it since"):
            second.__enter__()
        list(first.pages(PAGES[1:2]))
    assert len(log.sealed()) == 1
    assert {each.capture.run_id for each in held(log)} == {"run-1"}


def test_a_caller_that_holds_the_lock_may_say_so(log: Log) -> None:
    """A flow takes the lock before it looks at what is known, and keeps it for the collector."""
    site = Site(Time())
    with collector_lock(log.root, wait=0):
        open_collector = Collector(
            log,
            note(MINISTRY),
            clock=lambda: BEGIN,
            new_id=counting(),
            read_listing=read_listing,
            known={},
            wire=site.wire(),
            locked=True,
        )
        with open_collector as running:
            list(running.pages(PAGES[:1]))
    assert len(site.asked) == 2


def test_a_lock_names_its_holder_and_forgets_him(tmp_path: Path) -> None:
    """While a load lock is held its note says by whom; afterwards the note is gone and the lock free."""
    with load_lock(tmp_path, wait=0, clock=lambda: BEGIN):
        said = json.loads((tmp_path / "lock.holder").read_text())
        assert said["since"] == "2026-06-02T22:00:00+00:00"
        assert set(said) == {"pid", "command", "since"}
        with pytest.raises(Stop, match="the archive is busy"), load_lock(tmp_path, wait=0):
            pytest.fail("two loads at once")
    with load_lock(tmp_path, wait=0):
        assert (tmp_path / "lock.holder").exists()
    assert not (tmp_path / "lock.holder").exists()


def test_a_lock_without_a_readable_note_still_speaks(tmp_path: Path) -> None:
    """A torn note does not hide that somebody is there."""
    with lock_held(tmp_path / "x", wait=0, what="it"):
        (tmp_path / "x.holder").write_text("{")
        with (
            pytest.raises(Stop, match="another process holds x"),
            lock_held(tmp_path / "x", wait=0, what="it"),
        ):
            pytest.fail("held twice")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Tue, 02 Jun 2026 22:01:00 GMT", 60.0),
        (b"Tue, 02 Jun 2020 22:01:00 GMT", 0.0),
        (b"soon", None),
        (b"Tue, 02 Jun 2026 22:01:00 +" + b"9" * 20, None),
        (b"Tue, " + b"9" * 20 + b" Jun 2026 22:01:00 GMT", None),
        (b"", None),
    ],
)
def test_retry_after_in_both_its_forms(value: bytes, seconds: float | None) -> None:
    """Seconds, or a date; nonsense says nothing."""
    headers: Headers = ((b"Date", b"x"), (b"Retry-After", value))
    assert retry_after(headers, BEGIN) == seconds


def test_nothing_is_counted_for_a_page_on_disk(log: Log) -> None:
    """A page that an interrupted run captured whole is left out, and the report says so."""
    site = Site(Time())
    with collector(log, MINISTRY, wire=site.wire(), fresh=frozenset(PAGES[:2])) as running:
        seen: list[tuple[int, int]] = []
        list(running.pages([*PAGES, PAGES[3]], lambda done, total: seen.append((done, total))))
        summary = running.summary()
    assert site.paths[1:] == ["/press/press_00003.html", "/press/press_00004.html"]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (summary.skipped, summary.requests, dict(summary.verdicts)) == (2, 3, {"good": 3})


def test_a_page_is_asked_once_a_run(log: Log) -> None:
    """Asking again in the same run gives the first outcome."""
    site = Site(Time())
    with collector(log, MINISTRY, wire=site.wire()) as running:
        assert running.page(PAGES[0]) == running.page(PAGES[0])
    assert len(site.asked) == 2


def test_fetching_is_importable_without_the_http_library() -> None:
    """Who only reads the archive does not wait for the client."""
    import subprocess
    import sys

    code = (
        "import sys, sources; sys.exit(bool({'httpx', 'stamina', 'pypdfium2', 'prefect'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
