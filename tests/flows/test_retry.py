"""The retry of a run: exactly what did not end well is taken up again, and nothing else is asked for."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import stamina

import extractors
from extractors.errors import Stop, Usage
from extractors.release import Release, Unreadable
from flows import jobs, steps
from flows.again import again
from flows.jobs import Done, Steps
from flows.report import report_of
from flows.settings import Settings
from pressroom import PressRoom
from tests.flows.seasons import TODAY, playing, releases, rows, settings_of
from warehouse import open_archive

SITE = "https://www.env.go.jp"
DISEASES = {"500": 3, "503": 3, "maintenance": 1, "truncate": 3, "unknown-markup": 1}
"""And how often one run asks a page that has it: what may pass by itself is asked three times in tests."""


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Seven releases of the two weeks before."""
    with playing(releases(7, days=14)) as room:
        yield room


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """An archive after a run in which five of the seven pages had a disease each, made once for all tests."""
    folder = tmp_path_factory.mktemp("archived") / "data"
    with playing(releases(7, days=14)) as room, stamina.set_testing(True, attempts=3):
        for path, (disease, times) in zip(pages(room), DISEASES.items(), strict=False):
            room.fault(path, disease, times=times, retry_after=0)
        return folder, jobs.daily(settings_of(room, folder), Steps())


@pytest.fixture
def sick(room: PressRoom, archived: tuple[Path, Done], tmp_path: Path) -> tuple[Settings, Done]:
    """A copy of that archive, the room in good health."""
    folder, done = archived
    shutil.copytree(folder, tmp_path / "data")
    return settings_of(room, tmp_path / "data"), done


def pages(room: PressRoom) -> list[str]:
    """The releases of the room, in one order."""
    return sorted(room.paths())


def later(room: PressRoom, settings: Settings, hours: int = 1) -> Settings:
    """The same archive some hours later."""
    return settings_of(room, settings.data, TODAY + timedelta(hours=hours))


def asked(room: PressRoom) -> list[str]:
    """The addresses that were asked for, each time."""
    return sorted(seen.path for seen in room.requests)


class Said(list[str]):
    """Steps that keep what is said."""

    def steps(self) -> Steps:
        """The plain steps."""
        return Steps(say=self.append)


def test_only_pages_without_good_bytes_are_asked(room: PressRoom, sick: tuple[Settings, Done]) -> None:
    """Four of five come again and are loaded; the page in unknown markup is read again, and not asked."""
    settings, done = sick
    retried = jobs.retry(later(room, settings), Steps(), done.run_id)
    assert asked(room) == pages(room)[:4]
    report = retried.said_in(report_of(settings.archive, retried.run_id))
    assert report.counts()["created"] == 4
    assert [(one.outcome, one.page) for one in report.troubles] == [
        ("quarantined", f"{SITE}{pages(room)[4]}")
    ]
    assert rows(settings, "SELECT count(*) FROM releases") == [(6,)]


def test_a_second_retry_asks_for_nothing(room: PressRoom, sick: tuple[Settings, Done]) -> None:
    """What the first one mended is left alone: the site is not asked twice for what the archive holds."""
    settings, done = sick
    jobs.retry(later(room, settings), Steps(), done.run_id)
    room.forget_requests()
    said = Said()
    second = jobs.retry(later(room, settings, 2), said.steps(), done.run_id)
    assert asked(room) == []
    assert not second.asked
    assert said == [f"run {done.run_id}: 0 to be asked again, 1 to be read again, 4 mended since"]


def test_what_fails_again_can_be_retried_again(room: PressRoom, sick: tuple[Settings, Done]) -> None:
    """A page that is ill twice is still owed by the first run, and by the retry."""
    settings, done = sick
    room.fault(pages(room)[0], "500", times=3)
    retried = jobs.retry(later(room, settings), Steps(), done.run_id)
    for hours, run_id in enumerate((retried.run_id, done.run_id), start=2):
        room.forget_requests()
        room.fault(pages(room)[0], "500", times=3)
        jobs.retry(later(room, settings, hours), Steps(), run_id)
        assert set(asked(room)) == {pages(room)[0]}


def test_the_beginning_of_an_id_will_do(room: PressRoom, sick: tuple[Settings, Done]) -> None:
    """`moej runs` shows eight letters of an id, and they are enough."""
    settings, done = sick
    jobs.retry(later(room, settings), Steps(), done.run_id[:8])
    assert asked(room) == pages(room)[:4]


@pytest.mark.parametrize("given", ["nonsense", ""])
def test_an_unknown_run_is_wrong_usage(sick: tuple[Settings, Done], room: PressRoom, given: str) -> None:
    """The message names the last runs with what is left of them; nothing is asked or written."""
    settings, done = sick
    before = (settings.data / "archive.duckdb").read_bytes()
    with pytest.raises(Usage, match=rf"no run; the last ones are {done.run_id} \(run, .* UTC, 1 f"):
        jobs.retry(settings, Steps(), given)
    assert room.requests == ()
    assert (settings.data / "archive.duckdb").read_bytes() == before


def test_a_run_in_which_nothing_failed_is_left_alone(room: PressRoom, tmp_path: Path) -> None:
    """It says so, asks nothing, and the archive stays the same file."""
    settings = settings_of(room, tmp_path / "data")
    done = jobs.daily(settings, Steps())
    before = (settings.data / "archive.duckdb").read_bytes()
    room.forget_requests()
    said = Said()
    retried = jobs.retry(later(room, settings), said.steps(), done.run_id)
    assert retried == Done(done.run_id, asked=False)
    assert said == [f"run {done.run_id}: nothing failed and nothing was quarantined; there is nothing to do"]
    assert room.requests == ()
    assert (settings.data / "archive.duckdb").read_bytes() == before


def test_a_retry_without_an_archive_says_what_makes_one(room: PressRoom, tmp_path: Path) -> None:
    """There is no run to take up."""
    settings = settings_of(room, tmp_path)
    with pytest.raises(Stop, match="no archive"):
        jobs.retry(settings, Steps(), "1")


def test_a_page_that_a_better_reader_reads_is_loaded(
    room: PressRoom, sick: tuple[Settings, Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new extractor the quarantined bytes are read again before anything is asked."""
    settings, done = sick
    read, healthy = extractors.read, bytes_of_a_release(settings)

    def better(payload: bytes, **named: Any) -> Release | Unreadable:
        found = read(payload, **named)
        return read(healthy, **named) if isinstance(found, Unreadable) else found

    monkeypatch.setattr(extractors, "read", better)
    monkeypatch.setattr(extractors, "EXTRACTOR_VERSION", "better")
    said = Said()
    jobs.retry(later(room, settings), said.steps(), done.run_id)
    assert said == [f"run {done.run_id}: 4 to be asked again, 0 to be read again, 0 mended since"]
    assert asked(room) == pages(room)[:4]
    assert outcome(settings, done, pages(room)[4]) == [("loaded",)]


def test_bytes_on_which_the_reader_failed_once_are_read_again(
    room: PressRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page quarantined for want of memory is loaded by the same extractor, and not asked for."""
    settings = settings_of(room, tmp_path / "data", attachments=False)
    read = extractors.read

    def failing(payload: bytes, *, url: str, **named: Any) -> Release | Unreadable:
        if url.endswith(pages(room)[0]):
            raise MemoryError
        return read(payload, url=url, **named)

    with monkeypatch.context() as patched:
        patched.setattr(extractors, "read", failing)
        done = jobs.daily(settings, Steps())
    assert outcome(settings, done, pages(room)[0]) == [("quarantined",)]
    room.forget_requests()
    retried = jobs.retry(later(room, settings), Steps(), done.run_id)
    assert retried == Done(done.run_id, asked=False)
    assert room.requests == ()
    assert outcome(settings, done, pages(room)[0]) == [("loaded",)]


def test_a_retry_of_a_backfill_announces_nothing(room: PressRoom, sick: tuple[Settings, Done]) -> None:
    """Releases of long ago that come late are still no news; those of a daily run are."""
    settings, done = sick
    assert again(settings, done.run_id, "backfill").kind == "backfill"
    jobs.retry(later(room, settings), Steps(), done.run_id)
    assert rows(settings, "SELECT kind FROM runs ORDER BY started_at") == [("run",), ("recheck",)]


def bytes_of_a_release(settings: Settings) -> bytes:
    """The bytes of a release that was read."""
    with open_archive(settings.archive) as archive:
        capture = archive.rows("SELECT capture_id FROM releases LIMIT 1")[0]["capture_id"]
        return steps.log_of(settings).payload(*archive.place(capture))


def outcome(settings: Settings, done: Done, path: str) -> list[tuple[object, ...]]:
    """How a page ended in a run."""
    return rows(
        settings, "SELECT outcome FROM ledger WHERE run_id = ? AND page = ?", done.run_id, f"{SITE}{path}"
    )
