"""Backfill against the press room: each page once over any number of stops, and nothing asked that is had."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cli.forecast import Forecast
from extractors.errors import Usage
from flows import jobs, steps
from flows.backfill import Backfilled, backfill, begun, owed
from flows.jobs import Steps
from flows.owed import Owed, Shelf, Span, end_of, month_from
from flows.settings import Settings
from pressroom import PressRoom
from sources.manners import Manners
from tests.flows.doomed import killed, small_backfill
from tests.flows.seasons import TODAY, playing, releases, rows, settings_of
from warehouse import digest, open_archive

SPAN = Span((2026, 4), (2026, 6))
VERSIONS = "SELECT release_id, version, change, content_hash FROM release_versions ORDER BY ALL"


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Twenty releases of the second quarter of 2026, in July."""
    with playing(releases(20, days=85)) as room:
        yield room


@pytest.fixture
def settings(room: PressRoom, tmp_path: Path) -> Settings:
    """Settings of a backfill in July."""
    return settings_of(room, tmp_path / "data")


def asked(room: PressRoom) -> Counter[str]:
    """How often each address was asked for."""
    return Counter(seen.path for seen in room.requests)


def after(count: int) -> Callable[[], bool]:
    """A wish to stop that comes at the `count`-th look."""
    looks = iter(range(1, 1 << 30))
    return lambda: next(looks) >= count


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PressRoom, Settings, Backfilled]]:
    """A backfill of the second quarter that nobody stopped."""
    with playing(releases(20, days=85)) as room:
        settings = settings_of(room, tmp_path_factory.mktemp("finished"))
        yield room, settings, backfill(settings, SPAN)


def test_months_are_fetched_newest_first(finished: tuple[PressRoom, Settings, Backfilled]) -> None:
    """Every release of the span is loaded, months go back in time, and nothing is owed afterwards."""
    room, settings, done = finished
    lists = [seen.path for seen in room.requests if seen.path.startswith("/press/2026")]
    assert lists == ["/press/202606.html", "/press/202605.html", "/press/202604.html"]
    assert done.owed == Owed((), months=3, lists=0, pages=0, files=0, guessed=0)
    assert done.answers == 20
    assert rows(settings, "SELECT count(*) FROM releases") == [(20,)]


def test_each_month_is_a_run_of_its_own(finished: tuple[PressRoom, Settings, Backfilled]) -> None:
    """The log holds one finished run of kind backfill for each month."""
    _, settings, done = finished
    found = rows(settings, "SELECT kind, status FROM runs ORDER BY started_at")
    assert found == [("backfill", "done")] * 3
    assert len(done.run_ids) == 3


def test_a_backfill_that_is_done_costs_no_request(finished: tuple[PressRoom, Settings, Backfilled]) -> None:
    """Months that are over and complete are passed by, without even the robots.txt."""
    room, settings, _ = finished
    before = len(room.requests)
    again = backfill(settings, SPAN)
    assert (again.answers, again.months) == (0, 0)
    assert len(room.requests) == before > 20


def test_a_month_that_is_not_over_is_asked_again(settings: Settings, room: PressRoom) -> None:
    """The list of the current month may still grow; of its pages only those that are new are asked."""
    june = settings_of(room, settings.data, datetime(2026, 6, 20, 12, tzinfo=TODAY.tzinfo))
    first = backfill(june, Span((2026, 6), (2026, 6)))
    room.forget_requests()
    later = settings_of(room, settings.data)
    second = backfill(later, Span((2026, 6), (2026, 6)))
    assert "/press/202606.html" in asked(room)
    assert first.answers > 0
    assert second.answers > 0
    assert first.answers + second.answers == rows(later, "SELECT count(*) FROM releases")[0][0]


def test_a_month_without_a_page_is_noted_and_done(settings: Settings, room: PressRoom) -> None:
    """404 for a month that is over says that there is nothing; it is not asked again."""
    span = Span((2025, 11), (2025, 12))
    done = backfill(settings, span)
    assert [note.partition(":")[0] for note in done.notes] == ["2025-12", "2025-12", "2025-11", "2025-11"]
    assert done.troubles == ()
    room.forget_requests()
    backfill(settings, span)
    assert room.requests == ()


def test_each_page_is_fetched_once_however_often_it_is_stopped(settings: Settings, room: PressRoom) -> None:
    """Stopped three times after some pages and called again, no address is asked twice, and all is loaded."""
    for _ in range(3):
        stopped = backfill(settings, SPAN, stop=after(7))
        assert stopped.was_stopped
        assert stopped.owed.units
    backfill(settings, SPAN)
    assert asked(room).most_common(1)[0][1] == 1
    assert rows(settings, "SELECT count(*) FROM releases") == [(20,)]


def test_what_another_backfill_brought_meanwhile_is_not_fetched_again(
    settings: Settings, room: PressRoom
) -> None:
    """Of two begun at one moment the second finds, when it is let in, what the first brought home."""
    others: list[Backfilled] = []

    def meanwhile() -> bool:
        if not others:
            others.append(backfill(settings, SPAN))
        return False

    done = backfill(settings, SPAN, stop=meanwhile)
    assert (done.answers, done.months, len(others[0].run_ids)) == (0, 0, 3)
    assert asked(room).most_common(1)[0][1] == 1


def test_a_stopped_backfill_says_so_in_the_log(settings: Settings) -> None:
    """The run that was stopped is there with the word, sealed and loaded, and its pages with it."""
    stopped = backfill(settings, SPAN, stop=after(6))
    assert begun(settings) == Span((2026, 6), (2026, 6))
    status, error, read = rows(settings, "SELECT status, error, read FROM runs ORDER BY started_at")[0]
    assert stopped.owed.pages > 0
    assert status == "failed"
    assert "stopped on request" in str(error)
    assert read == stopped.answers > 0


def test_what_the_daily_run_had_is_not_fetched_again(settings: Settings, room: PressRoom) -> None:
    """A page that any run brought home is had."""
    jobs.daily(settings, Steps())
    had = {str(url) for (url,) in rows(settings, "SELECT url FROM releases")}
    room.forget_requests()
    backfill(settings, SPAN)
    pages = {f"https://www.env.go.jp{path}" for path in asked(room)}
    assert had
    assert had & pages == set()


def test_a_backfill_raises_no_alert(settings: Settings) -> None:
    """Old news is held back, whatever a rule wants."""
    rule = {"name": "all", "where": "true", "channels": [], "on": ["created"]}
    with_rule = settings.model_copy(update={"rules": [rule]})
    steps.rules_of(with_rule)
    backfill(with_rule, SPAN)
    assert rows(settings, "SELECT count(*) FROM alerts WHERE held IS NULL") == [(0,)]


def test_pages_that_failed_stay_owed(settings: Settings, room: PressRoom) -> None:
    """A maintenance page is no page: it is asked for again by the next call, and alone."""
    sick = next(path for path in room.paths() if path.startswith("/press/"))
    room.fault(sick, "maintenance")
    first = backfill(settings, SPAN)
    assert first.owed.pages == 1
    assert [trouble.split(": ")[1] for trouble in first.troubles] == ["maintenance"]
    room.forget_requests()
    second = backfill(settings, SPAN)
    assert [seen.path for seen in room.requests] == [sick]
    assert second.owed.pages == 0
    assert second.troubles == ()


def test_a_site_in_trouble_ends_the_backfill_and_keeps_what_came(settings: Settings, room: PressRoom) -> None:
    """The circuit breaker's word comes back, the months before are loaded, the rest is owed."""
    backfill(settings, Span((2026, 6), (2026, 6)))
    before = rows(settings, VERSIONS)
    room.forget_requests()
    room.fault("*", "500", times=100)
    done = backfill(settings, Span((2025, 6), (2026, 6)))
    assert done.ended_by is not None
    assert not done.was_stopped
    assert len(done.owed.units) == 12
    assert len(asked(room)) == Manners().breaker
    assert rows(settings, VERSIONS) == before


def test_a_rebuild_equals_what_grew_month_by_month(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded after every few pages or from the whole log at once, the archive says the same."""
    monkeypatch.setattr("flows.months.LOAD_AFTER", 4)
    backfill(settings, SPAN, stop=after(9))
    backfill(settings, SPAN)
    with open_archive(settings.archive) as archive:
        grown = digest(archive.db)
    steps.rebuild(settings)
    with open_archive(settings.archive) as archive:
        assert digest(archive.db) == grown


@pytest.mark.parametrize(
    "point",
    ["page-fetched:4", "append-sync:20", "seal-index:2", "warehouse.placed:1", "warehouse.synced:2"],
)
def test_a_killed_backfill_is_healed_by_the_next(
    settings: Settings, room: PressRoom, finished: tuple[PressRoom, Settings, Backfilled], point: str
) -> None:
    """After kill -9 the next call ends at the same archive, and asks for nothing that was on disk."""
    assert killed(point, small_backfill, settings, SPAN) == -signal.SIGKILL
    steps.mend(settings)
    log = steps.log_of(settings)
    on_disk = {line.url for line in log.index() if line.kind == "response" and "/press" in line.url}
    room.forget_requests()
    backfill(settings, SPAN)
    assert rows(settings, VERSIONS) == rows(finished[1], VERSIONS)
    assert {room.url + seen.path for seen in room.requests} & on_disk == set()


def test_a_signal_ends_the_command_after_the_page_it_is_at(room: PressRoom, tmp_path: Path) -> None:
    """SIGTERM: exit 0, what is owed is said, and every page that was asked for is loaded."""
    told = [
        "--data",
        str(tmp_path),
        "--site",
        room.url,
        "--now",
        TODAY.isoformat(),
        "--pause",
        "0.2",
        "--json",
    ]
    command = [
        sys.executable,
        "-c",
        "from cli.main import run; run()",
        "backfill",
        "--from",
        "2026-04",
        *told,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        room.wait_for_requests(7, timeout=60)
        process.terminate()
        said = json.loads(process.communicate()[0])
    assert process.returncode == 0
    assert said["stopped"]
    assert said["owed"]["pages"] > 0
    settings = Settings(data=tmp_path)
    pages = {path for path in asked(room) if path in room.paths()}
    loaded = {
        str(url).removeprefix("https://www.env.go.jp")
        for (url,) in rows(settings, "SELECT url FROM releases")
    }
    assert pages == loaded


def test_what_is_owed_is_guessed_before_any_list_is_read(settings: Settings) -> None:
    """Before the first list the usual number of pages a month is expected."""
    before = owed(settings, SPAN)
    assert (before.lists, before.pages, before.guessed) == (6, 0, 3 * (85 + 8))


def test_the_end_of_a_month_is_the_ministrys(settings: Settings) -> None:
    """A list fetched in the last hour of a month in Japan is not final, one fetched an hour later is."""
    page = "https://www.env.go.jp/press/202512.html"
    english = "https://www.env.go.jp/en/press/202512.html"
    assert settings.pause == 0
    end = end_of((2025, 12))
    assert end.isoformat() == "2026-01-01T00:00:00+09:00"
    early = Shelf(lists={page: end - timedelta(hours=1), english: end})
    assert early.unit((2025, 12)).lists == (page,)
    assert Shelf(lists={page: end, english: end}).unit((2025, 12)).is_done


@pytest.mark.parametrize("text", ["2013", "2013-13", "2013-00", "13-01", "2013/01", ""])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    """The message names the option, what was found and what a month looks like."""
    with pytest.raises(Usage, match=r"--from: found .* expected a month as 2013-01"):
        month_from(text, option="--from")


def test_a_span_that_runs_backwards_is_refused() -> None:
    """--from after --to is a mistake, not an empty piece of work."""
    with pytest.raises(Usage, match="2026-02 is after --to 2026-01"):
        Span((2026, 2), (2026, 1))


def test_the_forecast_never_promises_more_than_the_pause_allows() -> None:
    """Answers from a quick server do not make the end come sooner than the pause in force lets it."""
    seconds = iter([0.0, 40.0, 400.0])
    forecast = Forecast(pause=3.0, monotonic=lambda: next(seconds), now=lambda: TODAY)
    forecast.seconds_each(0)
    assert forecast.text(40, 1200) == "40 done, 20 a minute, about 1200 left, ends about 19:30"
    assert forecast.seconds_each(80) == 5.0
