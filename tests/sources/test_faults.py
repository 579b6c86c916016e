"""Every disease of the site: what the run reports, that the archive is unharmed, that a good run heals it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extractors.errors import Stop
from sources import Capture, Failure, Log
from tests.sources import faults
from tests.sources.faults import FaultServer, Healthy
from tests.sources.kit import PAGE, PATH, QUICK, Time, collector, fetch, held, known_of

Make = Callable[[FaultServer], faults.Disease]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A site that can fall ill."""
    with FaultServer() as running:
        yield running


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log."""
    return Log(tmp_path / "warc")


DISEASES: dict[str, tuple[Make, str]] = {
    "drop": (lambda _: faults.Drop(), "disconnect"),
    "reset": (lambda _: faults.Reset(), "disconnect"),
    "truncate": (lambda _: faults.Truncate(), "truncated"),
    "broken chunk": (lambda _: faults.BrokenChunk(), "truncated"),
    "wrong length": (lambda _: faults.WrongLength(), "truncated"),
    "bad gzip": (lambda _: faults.BadGzip(), "truncated"),
    "gzip bomb": (lambda _: faults.GzipBomb(), "truncated"),
    "3 GB announced": (lambda _: faults.Announced(), "truncated"),
    "endless": (lambda _: faults.Endless(), "truncated"),
    "redirect loop": (lambda _: faults.RedirectLoop(), "loop"),
    "redirect to a private address": (lambda _: faults.Redirect("http://10.0.0.1/press/"), "elsewhere"),
    "redirect to the metadata service": (lambda _: faults.Redirect("http://169.254.169.254/"), "elsewhere"),
    "redirect to another port": (lambda _: faults.Redirect("http://127.0.0.1:1/press/"), "elsewhere"),
    "redirect to another host": (lambda _: faults.Redirect("https://www.example.org/"), "elsewhere"),
    "redirect to a file": (lambda _: faults.Redirect("file:///etc/passwd"), "elsewhere"),
    "soft 404": (lambda _: faults.SOFT_404, "error"),
    "maintenance": (lambda _: faults.MAINTENANCE, "maintenance"),
    "captcha": (lambda _: faults.CAPTCHA, "blocked"),
    "login": (lambda _: faults.LOGIN, "blocked"),
    "forbidden": (lambda _: faults.FORBIDDEN, "blocked"),
    "empty": (lambda _: faults.EMPTY, "truncated"),
    "no end tag": (lambda _: faults.NO_END, "truncated"),
    "500": (lambda _: faults.ERROR, "error"),
    "503": (lambda _: faults.BUSY, "maintenance"),
    "304 unasked": (lambda _: faults.UNASKED_304, "error"),
    "404": (lambda _: faults.GONE, "gone"),
}


def outcome(result: Capture | Failure) -> str:
    """One word for what came of a page."""
    return result.verdict if isinstance(result, Capture) else result.reason


def ill(server: FaultServer, make: Make) -> None:
    """The page has the disease until the end of the run, retries included."""
    server.order(PATH, *[make(server)] * 6)


@pytest.mark.parametrize("name", DISEASES)
def test_a_disease_is_named_and_never_taken_for_a_page(server: FaultServer, log: Log, name: str) -> None:
    """The run goes on, says what happened, and no ill answer is good enough to be read."""
    make, expected = DISEASES[name]
    ill(server, make)
    with collector(log, server.url, wire=Time().wire() if name == "503" else None) as running:
        results = list(running.pages([PAGE, PAGE.replace("05001", "05002")]))
    assert [outcome(result) for result in results] == [expected, "good"]
    assert [each.capture.page for each in held(log) if each.capture.verdict == "good"].count(PAGE) == 0
    assert list(log.verify()) == []


@pytest.mark.parametrize("name", DISEASES)
def test_the_next_good_run_heals(server: FaultServer, log: Log, name: str) -> None:
    """What was known before the disease is known after it, and a good answer counts again."""
    fetch(log, server.url, PAGE, run_id="before")
    before = known_of(log)[PAGE]
    ill(server, DISEASES[name][0])
    if name == "304 unasked":
        server.pages[PATH] = faults.NoValidators()
    with collector(
        log,
        server.url,
        run_id="ill",
        known={} if name == "304 unasked" else known_of(log),
        wire=Time().wire() if name == "503" else None,
    ) as running:
        assert outcome(running.page(PAGE)) not in {"good", "unchanged"}
    assert known_of(log)[PAGE] == before
    server.pages[PATH] = Healthy(faults.page("訂正"), etag='"two"')
    server._orders.clear()
    assert [outcome(each) for each in fetch(log, server.url, PAGE, run_id="after")] == ["good"]
    assert held(log)[-1].payload == faults.page("訂正")
    assert list(log.verify()) == []


@pytest.mark.parametrize("in_head", [True, False])
def test_a_slow_drip_ends_at_the_deadline(server: FaultServer, log: Log, *, in_head: bool) -> None:
    """Single bytes in time do not keep a request alive for ever, neither in the head nor in the body."""
    from dataclasses import replace

    server.order(PATH, *[faults.SlowDrip(server.stopped, in_head=in_head)] * 3)
    manners = replace(QUICK, total=0.6, attempts=1)
    results = fetch(log, server.url, PAGE, manners=manners)
    server.stopped.set()
    assert [outcome(result) for result in results] == ["timeout" if in_head else "truncated"]
    assert len(server.asked(PATH)) == 3


def test_a_passing_disease_is_cured_by_asking_again(server: FaultServer, log: Log) -> None:
    """A dropped connection, then an error, then the page: one good capture, each answer archived."""
    server.order(PATH, faults.Drop(), faults.ERROR)
    assert [outcome(result) for result in fetch(log, server.url, PAGE)] == ["good"]
    assert [each.capture.status for each in held(log)] == [200, 500, 200]


def test_what_does_not_pass_is_asked_once(server: FaultServer, log: Log) -> None:
    """404, 403, redirects elsewhere, broken pages are no reason to ask again."""
    for make in (
        faults.GONE,
        faults.FORBIDDEN,
        faults.BadGzip(),
        faults.EMPTY,
        faults.Redirect("http://10.0.0.1/"),
    ):
        server.order(PATH, make)
    for number in range(5):
        fetch(log, server.url, PAGE, run_id=f"run-{number}")
        assert len(server.asked(PATH)) == number + 1


def test_retry_after_is_obeyed(server: FaultServer, log: Log) -> None:
    """The run waits as long as the site asks before it asks again."""
    server.order(PATH, faults.BUSY)
    time = Time()
    with collector(log, server.url, wire=time.wire()) as running:
        assert outcome(running.page(PAGE)) == "good"
    assert time.slept == [20.0]


def test_a_long_retry_after_ends_the_run(server: FaultServer, log: Log) -> None:
    """A site that asks to be left alone for a day is left alone; the run says so and the log has it."""
    server.order(PATH, faults.AWAY)
    with (
        pytest.raises(Stop, match=r"asks to stay away for 86400 s.*run again after that"),
        collector(log, server.url) as running,
    ):
        running.page(PAGE)
    assert len(server.asked(PATH)) == 1
    assert [each.capture.verdict for each in held(log)] == ["good", "maintenance"]


@pytest.mark.parametrize("disease", [faults.ERROR, faults.FORBIDDEN, faults.MAINTENANCE, faults.Drop()])
def test_the_circuit_breaker_leaves_a_sick_server_alone(
    server: FaultServer, log: Log, disease: faults.Disease
) -> None:
    """Five pages in a row that fail by the server's fault end the run; what was fetched stays."""
    pages = [PAGE.replace("05001", f"{number:05d}") for number in range(1, 20)]
    for page in pages[2:]:
        server.pages[page.removeprefix("https://www.env.go.jp")] = disease
    with pytest.raises(Stop, match="5 pages in a row"), collector(log, server.url) as running:
        list(running.pages(pages))
    good = [each.capture.page for each in held(log) if each.capture.verdict == "good"][1:]
    assert good == pages[:2]
    assert {request.path for request in server.requests} <= {
        "/robots.txt",
        *(page.removeprefix("https://www.env.go.jp") for page in pages[:7]),
    }


def test_broken_pages_do_not_trip_the_breaker(server: FaultServer, log: Log) -> None:
    """Pages that are broken one by one, or over our limits, say nothing about the server."""
    pages = [PAGE.replace("05001", f"{number:05d}") for number in range(1, 12)]
    for page in pages:
        server.pages[page.removeprefix("https://www.env.go.jp")] = faults.NO_END
    assert {outcome(result) for result in fetch(log, server.url, *pages)} == {"truncated"}


def test_a_flapping_etag_costs_bytes_and_changes_nothing(server: FaultServer, log: Log) -> None:
    """The same bytes under a new validator are unchanged, kept as a revisit without a second copy."""
    server.pages[PATH] = faults.FlappingEtag()
    assert [outcome(each) for each in fetch(log, server.url, PAGE, run_id="a")] == ["good"]
    assert [outcome(each) for each in fetch(log, server.url, PAGE, run_id="b")] == ["unchanged"]
    assert held(log)[-1].capture.revisit
    assert len({each.capture.digest for each in held(log) if each.capture.page == PAGE}) == 1
    assert server.asked(PATH)[1].headers["if-none-match"] == '"1"'


def test_a_server_without_validators_is_asked_plainly(server: FaultServer, log: Log) -> None:
    """No validator, no condition; the same bytes are still unchanged."""
    server.pages[PATH] = faults.NoValidators()
    fetch(log, server.url, PAGE, run_id="a")
    assert [outcome(each) for each in fetch(log, server.url, PAGE, run_id="b")] == ["unchanged"]
    assert not {"if-none-match", "if-modified-since"} & set(server.asked(PATH)[1].headers)


def test_a_wrong_charset_is_kept_as_declared(server: FaultServer, log: Log) -> None:
    """What the server calls its text is a fact of the capture; reading it is the extractor's work."""
    server.pages[PATH] = faults.WrongCharset()
    fetch(log, server.url, PAGE)
    assert held(log)[-1].capture.charset == "shift_jis"
    assert held(log)[-1].payload == faults.page()
