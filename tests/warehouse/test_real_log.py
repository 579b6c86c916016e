from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from sources import Log, RunNote
from tests.warehouse.backends import loader, place
from tests.warehouse.world import SITE, START, page, read, read_listing, text
from warehouse import Loaded, digest, materialise, open_archive
from warehouse.slices import slices_of

pytestmark = pytest.mark.usefixtures("backend")


def ids(start: int) -> Callable[[], str]:
    """Ids that count."""
    numbers = count(start)
    return lambda: str(UUID(int=next(numbers)))


def collect(log: Log, run: int, pages: dict[str, bytes], *, at: datetime, max_bytes: int = 10**9) -> None:
    """One run that saved these pages."""
    note = RunNote(f"run-{run}", "import", SITE, at, "moej test")
    with log.writer(note, clock=lambda: at, new_id=ids(1000 * run), max_bytes=max_bytes) as writer:
        for url, payload in pages.items():
            writer.saved("resource", url=url, at=at, body=payload, media_type="text/plain")
        writer.failure(page(99), "timeout", "no answer within 30 s")


def load(folder: Path, log: Log, *, workers: int = 1) -> Loaded:
    """Load with the readers of these tests."""
    folder.mkdir(exist_ok=True)
    with loader(folder).draft() as draft:
        return materialise(
            draft, log, read=read, read_listing=read_listing, extractor_version="1", workers=workers
        )


def test_the_archive_leads_back_to_the_bytes_in_the_warc_files(tmp_path: Path) -> None:
    """From a version by its capture to the file, the offset and the payload it was read from."""
    log = Log(tmp_path / "warc")
    pages = {page(number): text(f"第{number}回", body=f"本文 {number}") for number in range(1, 4)}
    collect(log, 1, pages, at=START)
    load(tmp_path, log)
    with open_archive(place(tmp_path)) as archive:
        versions = archive.rows("SELECT url, capture_id FROM release_versions")
        assert {row["url"]: log.payload(*archive.place(row["capture_id"])) for row in versions} == pages
        assert archive.rows("SELECT status, listed, created, failed FROM runs") == [
            {"status": "done", "listed": 0, "created": 3, "failed": 1}
        ]


def test_a_run_over_several_files_is_one_run(tmp_path: Path) -> None:
    """Each file is sealed when it is full; the pages of all are one run's."""
    log = Log(tmp_path / "warc")
    pages = {page(number): text(f"第{number}回", body=f"本文 {number}") for number in range(1, 4)}
    collect(log, 1, pages, at=START, max_bytes=1)
    assert len(log.sealed()) > 1
    load(tmp_path, log)
    with open_archive(place(tmp_path)) as archive:
        assert archive.rows("SELECT run_id, status, created FROM runs") == [
            {"run_id": "run-1", "status": "done", "created": 3}
        ]


def test_files_arrive_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """A later file with an earlier time is history; the name of the release stays."""
    log = Log(tmp_path / "warc")
    collect(log, 1, {page(1): text(day="2026-01-05", body="今")}, at=START)
    load(tmp_path, log)
    collect(log, 2, {page(1): text(day="2026-01-04", body="昔")}, at=START - timedelta(days=1))
    load(tmp_path, log)
    with open_archive(place(tmp_path)) as archive:
        assert archive.rows("SELECT release_id, version, body FROM release_versions ORDER BY version") == [
            {"release_id": "20260105-press_00001", "version": 1, "body": "昔"},
            {"release_id": "20260105-press_00001", "version": 2, "body": "今"},
        ]


@pytest.mark.file_only("who reads has nothing to do with where the archive is kept")
def test_processes_that_read_the_files_themselves_give_the_same_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reads slices of a file where it lies; the archive is that of one process."""
    log = Log(tmp_path / "warc")
    pages = {page(number): text(f"第{number}回", body=f"本文 {number}") for number in range(1, 8)}
    collect(log, 1, pages, at=START)
    load(tmp_path / "one", log)
    monkeypatch.setattr("warehouse.load._MANY", 0)
    monkeypatch.setattr("warehouse.slices.slices_of", partial(slices_of, pages=2))
    monkeypatch.setattr("warehouse.portions.PAGES", 3)
    load(tmp_path / "two", log, workers=2)
    told = []
    for folder in ("one", "two"):
        with open_archive(place(tmp_path / folder)) as archive:
            told.append((digest(archive.db), archive.rows("SELECT count(*) AS n FROM captures")[0]["n"]))
    assert told[0] == told[1]
    assert told[0][1] == len(pages)
