"""A run over a site: conditions, redirects, lists from the log, a backfill that is cut and goes on."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from extractors.errors import Stop
from sources import Capture, Log
from sources.collect import NoListing
from sources.discover import discover
from tests.sources import faults
from tests.sources.doomed import Doomed
from tests.sources.faults import FaultServer, Healthy
from tests.sources.kit import BEGIN, MINISTRY, PAGE, PATH, collector, fetch, held, known_of, listing_page


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A site with an index, a month and two releases."""
    with FaultServer() as running:
        items = (("2026-06-02", PATH), ("2026-06-01", "/press/press_05002.html"))
        running.pages["/press/"] = Healthy(listing_page(*items, months=("/press/202606.html",)), '"index"')
        running.pages["/press/202606.html"] = Healthy(listing_page(*items), '"month"')
        running.pages["/en/press/"] = faults.GONE
        yield running


def daily(log: Log, server: FaultServer, run_id: str, later: timedelta = timedelta(0)) -> list[str]:
    """One daily run; the verdicts of its pages."""
    with collector(
        log, server.url, run_id=run_id, known=known_of(log), clock=lambda: BEGIN + later
    ) as running:
        found = discover(running.listing, site=running.site, newest={}, today=date(2026, 6, 3))
        results = list(running.pages(found.pages))
    return [each.verdict for each in results if isinstance(each, Capture)]


def test_a_second_run_asks_conditionally_and_moves_no_body(log: Log, server: FaultServer) -> None:
    """A day without news: index, month, English index, one condition per page, every answer 304."""
    assert daily(log, server, "one") == ["good", "good"]
    server.requests.clear()
    assert daily(log, server, "two") == ["unchanged", "unchanged"]
    assert [request.path for request in server.requests] == [
        "/press/",
        "/press/202606.html",
        "/en/press/",
        PATH,
        "/press/press_05002.html",
    ]
    assert all(
        "if-none-match" in request.headers for request in server.requests if "/en/" not in request.path
    )
    second = [each.capture for each in held(log) if each.capture.run_id == "two"]
    assert [each.status for each in second] == [304, 304, 404, 304, 304]


def test_a_corrected_page_is_a_new_good_capture(log: Log, server: FaultServer) -> None:
    """What changed comes whole; what did not, does not."""
    daily(log, server, "one")
    server.pages[PATH] = Healthy(faults.page("訂正"), '"two"')
    assert daily(log, server, "two") == ["good", "unchanged"]
    assert held(log)[-2].payload == faults.page("訂正")


def test_a_return_to_an_earlier_state_is_told_by_its_bytes(log: Log, server: FaultServer) -> None:
    """A, B, A: the third is whole again, for the newest known is B."""
    for run, title in (("a", "甲"), ("b", "乙"), ("c", "甲")):
        server.pages[PATH] = Healthy(faults.page(title), f'"{run}"')
        fetch(log, server.url, PAGE, run_id=run)
    assert [each.payload for each in held(log) if each.capture.page == PAGE] == [
        faults.page("甲"),
        faults.page("乙"),
        faults.page("甲"),
    ]


def test_redirects_are_followed_and_every_hop_is_archived(log: Log, server: FaultServer) -> None:
    """The capture that comes back is the last; the way there is in the log, as an alias of the page."""
    old = f"{MINISTRY}/press/110001.html"
    server.pages["/press/110001.html"] = faults.Redirect(
        f"{server.url}/moved?utm_source=x#top", "301 Moved Permanently"
    )
    server.pages["/moved"] = faults.Redirect(PAGE)
    (capture,) = fetch(log, server.url, old)
    assert isinstance(capture, Capture)
    assert (capture.page, capture.verdict) == (PAGE, "good")
    hops = [(each.capture.page, each.capture.verdict) for each in held(log)][1:]
    assert hops == [(old, "redirect"), (f"{MINISTRY}/moved", "redirect"), (PAGE, "good")]


def test_a_redirect_to_another_spelling_of_the_same_page_is_followed(log: Log, server: FaultServer) -> None:
    """A site may lead from the folder to its index.html; both are one page and no loop."""
    server.pages["/press/"] = faults.Redirect("/press/index.html")
    server.pages["/press/index.html"] = Healthy(listing_page(("2026-06-02", PATH)))
    with collector(log, server.url) as running:
        assert [item.url for item in running.listing(f"{MINISTRY}/press/").items] == [f"{MINISTRY}{PATH}"]


def test_robots_txt_holds_on_every_hop(log: Log, server: FaultServer) -> None:
    """A redirect is no way round a rule."""
    server.pages["/robots.txt"] = faults.Says(
        faults.http(body=b"User-agent: *\nDisallow: /cgi-bin\n", content_type="text/plain")
    )
    server.pages[PATH] = faults.Redirect("/cgi-bin/print?press_05001")
    (failure,) = fetch(log, server.url, PAGE)
    assert not isinstance(failure, Capture)
    assert failure.reason == "robots"
    assert server.asked("/cgi-bin/print") == []


@pytest.mark.parametrize(
    ("disease", "words"),
    [
        (faults.Says(faults.http(body=faults.page())), "in no markup we know"),
        (faults.MAINTENANCE, r"answered 200 \(maintenance\)"),
        (faults.GONE, r"answered 404 \(gone\)"),
        (faults.Drop(), "the connection broke"),
    ],
)
def test_a_list_that_is_none_says_why(
    log: Log, server: FaultServer, disease: faults.Disease, words: str
) -> None:
    """Unknown markup, maintenance, absence and silence have their words; an index like that stops the run."""
    server.pages["/press/"] = disease
    with collector(log, server.url) as running:
        with pytest.raises(NoListing, match=words):
            running.listing(f"{MINISTRY}/press/")
        with pytest.raises(Stop, match=words):
            discover(running.listing, site=running.site, newest={}, today=date(2026, 6, 3))


def test_an_unreachable_site_stops_the_run_before_anything(log: Log) -> None:
    """Nobody there: one clear line, and the log says that the run failed."""
    with pytest.raises(Stop, match=r"robots\.txt cannot be had.*cannot be reached"):
        daily(log, _Nowhere(), "one")  # type: ignore[arg-type]
    assert held(log) == []
    assert list(log.verify()) == []


class _Nowhere:
    """A port where nobody listens."""

    url = "http://127.0.0.1:1"


def test_a_recent_list_is_read_from_the_log(log: Log, server: FaultServer) -> None:
    """A resumed backfill does not ask again for the month it was in."""
    daily(log, server, "one")
    server.requests.clear()
    with collector(log, server.url, run_id="two", known=known_of(log)) as running:
        listing = running.listing(f"{MINISTRY}/press/202606.html", max_age=timedelta(days=1))
    assert len(listing.items) == 2
    assert server.requests == []


def test_a_backfill_cut_three_times_fetches_each_page_once(tmp_path: Path) -> None:
    """State lives in the log: whatever was on disk whole when the process died is not asked for again."""
    paths = [f"/press/press_{number:05d}.html" for number in range(150)]
    with FaultServer() as server, Doomed() as doomed:
        for month, some in (("202606", paths[:75]), ("202605", paths[75:])):
            items = ((f"{month[:4]}-{month[4:]}-01", path) for path in some)
            server.pages[f"/press/{month}.html"] = Healthy(listing_page(*items), f'"{month}"')
        said = {"job": "backfill", "root": str(tmp_path / "warc"), "site": server.url}
        for count in (20, 40, 60):
            assert doomed.do(f"page-fetched:{count}", **said) == -9
        assert doomed.do(**said) == 0
        log = Log(tmp_path / "warc")
        fetched = Counter(request.path for request in server.requests if "press_" in request.path)
    assert fetched == dict.fromkeys(paths, 1)
    assert {each.capture.page for each in held(log) if each.capture.family == "release"} == {
        MINISTRY + path for path in paths
    }
    assert list(log.verify()) == []


def test_a_file_over_the_cap_is_noted(log: Log, server: FaultServer) -> None:
    """An attachment that is too large is one capture without its body, and says so."""
    server.pages["/content/000001.pdf"] = faults.Announced()
    (capture,) = fetch(log, server.url, f"{MINISTRY}/content/000001.pdf")
    assert isinstance(capture, Capture)
    assert (capture.verdict, capture.truncated, capture.bytes, capture.family) == (
        "truncated",
        "length",
        0,
        "file",
    )


def test_the_summary_counts_what_a_report_needs(log: Log, server: FaultServer) -> None:
    """Verdicts, failures by reason, requests and bytes over the wire."""
    server.pages["/press/press_05003.html"] = faults.Redirect("https://www.example.org/")
    with collector(log, server.url) as running:
        list(running.pages([PAGE, PAGE.replace("05001", "05003")]))
        summary = running.summary()
    assert json.loads(json.dumps([dict(summary.verdicts), dict(summary.failures), summary.requests])) == [
        {"good": 2},
        {"elsewhere": 1},
        3,
    ]
    assert summary.bytes_received == len(faults.page()) + len("User-agent: *\n")
