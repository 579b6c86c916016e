"""Recheck and the daily cost: withdrawals need two days, disorders are no news, quiet days are cheap."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.errors import Stop, Usage
from flows import collecting, jobs, steps
from flows.jobs import Steps
from flows.recheck import Rechecked, cost_of, known_since, recheck
from flows.report import report_of
from flows.settings import Settings
from pressroom import PressRoom, packaged
from sources.recheck import Aged
from tests.flows.seasons import TODAY, playing, releases, rows, settings_of
from warehouse import Change, Loaded
from warehouse.load import Say

VERSIONS = "SELECT release_id, version, change FROM release_versions ORDER BY ALL"
CHANGES = "SELECT change FROM release_versions WHERE url = ? ORDER BY version"


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Six releases of the two weeks before."""
    with playing(releases(6, days=14)) as room:
        yield room


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive after one daily run, made once for all tests."""
    folder = tmp_path_factory.mktemp("archived") / "data"
    with playing(releases(6, days=14)) as room:
        jobs.daily(settings_of(room, folder), Steps())
    return folder


@pytest.fixture
def first(room: PressRoom, archived: Path, tmp_path: Path) -> Settings:
    """A copy of the archive that knows all releases of the room."""
    shutil.copytree(archived, tmp_path / "data")
    return settings_of(room, tmp_path / "data")


def page_of(room: PressRoom) -> tuple[str, str]:
    """One of its releases: the path, and the canonical address."""
    path = next(path for path in room.paths() if path.startswith("/press/"))
    return path, f"https://www.env.go.jp{path}"


def on(room: PressRoom, settings: Settings, days: float) -> Settings:
    """The same archive some days later."""
    return settings_of(room, settings.data, TODAY + timedelta(days=days))


def test_a_recheck_asks_conditionally_and_only_for_known_pages(room: PressRoom, first: Settings) -> None:
    """Robots.txt is a minute old and not asked; every release is, with its validator; nothing changes."""
    before = rows(first, VERSIONS)
    done = recheck(first, days=90)
    assert done.pages == 6
    assert sorted(seen.path for seen in room.requests) == sorted(room.paths())
    assert {seen.status for seen in room.requests} == {304}
    assert rows(first, VERSIONS) == before
    assert rows(first, "SELECT kind FROM runs ORDER BY started_at, kind") == [("recheck",), ("run",)]


def test_a_page_is_withdrawn_when_it_was_gone_twice_a_day_apart(room: PressRoom, first: Settings) -> None:
    """One 404, and another within hours, is no withdrawal; one a day later is; back again is restored."""
    path, url = page_of(room)
    room.withdraw(path)
    recheck(on(room, first, 1), days=90)
    recheck(on(room, first, 1.5), days=90)
    assert rows(first, CHANGES, url) == [("created",)]
    recheck(on(room, first, 2.1), days=90)
    assert rows(first, CHANGES, url) == [("created",), ("withdrawn",)]
    later = on(room, first, 3)
    room.restore(path)
    recheck(later, days=90)
    assert rows(first, CHANGES, url) == [("created",), ("withdrawn",), ("restored",)]


def test_a_correction_is_found_by_a_recheck(room: PressRoom, first: Settings) -> None:
    """A changed page makes one version, named in the report."""
    path, url = page_of(room)
    later = on(room, first, 5)
    state = room.state(path)
    assert state is not None
    room.revise(path, (state.record.title, state.record.title + "（訂正）"))
    done = recheck(later, days=90)
    assert done.report is not None
    assert [(news.change, news.url) for news in done.report.news] == [("changed", url)]


def test_a_flow_hears_what_a_recheck_loads(room: PressRoom, first: Settings) -> None:
    """A version goes through the load that was handed in, which makes it an event in Prefect."""
    path, _ = page_of(room)
    state = room.state(path)
    assert state is not None
    later, heard = on(room, first, 5), list[Change]()
    room.revise(path, (state.record.title, state.record.title + "（訂正）"))

    def load(settings: Settings, *, say: Say) -> Loaded:
        loaded = steps.load(settings, say=say)
        heard.extend(loaded.changes)
        return loaded

    recheck(later, days=90, load=load)
    assert [(change.change, change.run_kind) for change in heard] == [("changed", "recheck")]


DISEASES = {"maintenance": 1, "500": 3, "empty": 1, "503": 3, "truncate": 3, "unknown-markup": 1}
"""And how often one run asks a page that has it: what may pass by itself is asked three times in tests."""


def test_what_is_wrong_with_the_site_is_never_a_change(room: PressRoom, first: Settings) -> None:
    """Six pages with a disease each, two days in a row, make no version; health mends all."""
    before = rows(first, VERSIONS)
    pages = [str(url) for (url,) in rows(first, "SELECT url FROM releases ORDER BY published_on DESC, url")]
    for day in (1, 2):
        later = on(room, first, day)
        for page, (disease, times) in zip(pages, DISEASES.items(), strict=True):
            path = page.removeprefix("https://www.env.go.jp")
            room.cosmetic(path)
            room.fault(path, disease, times=times, retry_after=0)
        done = recheck(later, days=90)
        assert done.report is not None
        assert sorted(trouble.page for trouble in done.report.troubles) == sorted(pages)
        assert rows(first, VERSIONS) == before
    done = recheck(on(room, first, 3), days=90)
    assert done.report is not None
    assert done.report.is_clean
    assert rows(first, VERSIONS) == before
    assert rows(first, "SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]


def test_a_quiet_day_costs_the_lists_and_one_request_a_page_due(room: PressRoom, first: Settings) -> None:
    """Robots.txt once a day, both indexes, the month pages, and each page due once, all answered 304."""
    same_day = on(room, first, 0.5)
    jobs.daily(same_day, Steps())
    assert "/robots.txt" not in {seen.path for seen in room.requests}
    room.forget_requests()
    next_day = on(room, first, 1)
    done = jobs.daily(next_day, Steps())
    asked = Counter(seen.path for seen in room.requests)
    lists = {path for path in asked if path.endswith("/") or "/2026" in path}
    assert set(asked) == {"/robots.txt", *lists, *room.paths()}
    assert lists <= {"/press/", "/en/press/", "/press/202606.html", "/press/202607.html"} | {
        "/en/press/202606.html",
        "/en/press/202607.html",
    }
    assert set(asked.values()) == {1}
    sent = sum(seen.sent for seen in room.requests)
    report = report_of(next_day.archive, done.run_id)
    assert report.run["requests"] == len(room.requests)
    assert report.run["bytes_received"] == sent


def test_the_cost_of_the_policy_is_its_average_day(room: PressRoom, first: Settings) -> None:
    """Six young pages are asked each day; in a month they are weekly, in half a year once a quarter."""
    memory = collecting.recollect(first)
    assert (cost_of(first, memory).daily, cost_of(first, memory).requests_a_day) == (6, 6.0)
    month, half_year = on(room, first, 40), on(room, first, 180)
    assert cost_of(month, memory).requests_a_day == pytest.approx(6 / 7)
    assert cost_of(half_year, memory).requests_a_day == pytest.approx(6 / 91)


def test_a_recheck_that_finds_the_place_taken_says_so(room: PressRoom, first: Settings) -> None:
    """It names who is there, and asks for nothing."""
    waiting = first.model_copy(update={"lock_wait": 0})
    with (
        collecting.the_site_s_place(first),
        pytest.raises(Stop, match="the site's one place for a client is busy: process"),
    ):
        recheck(waiting, days=90)
    assert room.requests == ()


def test_the_place_is_free_while_what_came_is_loaded(room: PressRoom, first: Settings) -> None:
    """Others may ask the site during the load; while it is taken what they brought is loaded, as by a run."""
    waiting, taken = first.model_copy(update={"lock_wait": 0}), list[bool]()

    def load(settings: Settings, *, say: Say) -> Loaded:
        try:
            with collecting.the_site_s_place(waiting):
                taken.append(False)
        except Stop:
            taken.append(True)
        return steps.load(settings, say=say)

    recheck(on(room, first, 5), days=90, load=load)
    assert taken == [True, False]


def test_the_cost_counts_what_is_listed(tmp_path: Path) -> None:
    """A page of three weeks that the month's list still names is asked each day, and costs as much."""
    with playing(releases(6, days=27)) as room:
        settings = settings_of(room, tmp_path / "data")
        jobs.daily(settings, Steps())
        room.forget_requests()
        jobs.daily(on(room, settings, 1), Steps())
        asked = {seen.path for seen in room.requests} & set(room.paths())
        cost = cost_of(settings, collecting.recollect(settings))
    assert (cost.daily, cost.weekly) == (len(asked), 0) == (6, 0)


def test_a_page_taken_over_and_withdrawn_is_not_asked_every_day(room: PressRoom, first: Settings) -> None:
    """Two releases at one address: what counts is that the newer one is withdrawn."""
    path, url = page_of(room)
    later = on(room, first, 20)
    room.replace(path, replace(packaged()[0], path=path, published_at=later.clock(), attachments=()))
    recheck(later, days=90)
    room.withdraw(path)
    for day in (21, 22.5):
        recheck(on(room, first, day), days=90)
    assert rows(first, "SELECT count(*), count(withdrawn_at) FROM releases WHERE url = ?", url) == [(2, 1)]
    aged = {each.page: each for each in collecting.recollect(first).aged}
    assert not aged[url].doubtful


def test_pages_of_the_last_days_newest_first() -> None:
    """The day is the Ministry's, the edge is in, files and other pages are out."""
    now = datetime(2026, 6, 30, 20, 0, tzinfo=TODAY.tzinfo)
    site = "https://www.env.go.jp"
    pages = {
        f"{site}/press/press_00001.html": date(2026, 6, 20),
        f"{site}/press/press_00002.html": date(2026, 6, 30),
        f"{site}/press/press_00003.html": date(2026, 6, 19),
        f"{site}/content/000000001.pdf": date(2026, 6, 30),
    }
    aged = [Aged(page, day, now) for page, day in pages.items()]
    assert known_since(aged, now=now, days=10) == tuple(list(pages)[1::-1])


def test_a_recheck_needs_an_archive_and_a_span(room: PressRoom, tmp_path: Path) -> None:
    """Nothing known is an error with a way out; no day at all is wrong usage; none in the span is fine."""
    settings = settings_of(room, tmp_path)
    with pytest.raises(Stop, match="no archive"):
        recheck(settings, days=90)
    with pytest.raises(Usage, match="one day or more"):
        recheck(settings, days=0)
    jobs.daily(settings, Steps())
    assert recheck(on(room, settings, 400), days=90) == Rechecked(0)
