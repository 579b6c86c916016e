"""Files that releases link to: archived in the run that finds them, read, searched, watched."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from cli.main import run as cli_run
from flows import jobs, steps
from flows.attachments import Files, own_files
from flows.jobs import Steps
from flows.recheck import recheck
from flows.report import report_of
from flows.settings import Settings
from pressroom import PressRoom
from sources import RunNote
from tests.flows.seasons import TODAY, playing, releases, rows, settings_of
from warehouse import open_archive
from warehouse.search import search

TABLES = ("documents", "attachment_files", "attachment_texts")
BROKEN = b"%PDF-1.4\nand no more"


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """Four releases with files, of the days before."""
    with playing(releases(4, days=4, files=True)) as room:
        yield room


def run(room: PressRoom, folder: Path, day: int = 0, **more: object) -> Settings:
    """One daily run some days after the first; the settings of it."""
    settings = settings_of(room, folder, TODAY + timedelta(days=day), **more)
    jobs.daily(settings, Steps())
    return settings


def files(room: PressRoom) -> Counter[str]:
    """How often each file was asked for."""
    return Counter(seen.path for seen in room.requests if seen.path.endswith(".pdf"))


def replaced(settings: Settings, url: str, body: bytes, *, days: int) -> None:
    """The same address holds other bytes some days later, as somebody's import brings them."""
    at = TODAY + timedelta(days=days)
    note = RunNote(steps.new_id(), "import", settings.site, at, "test")
    writer = steps.log_of(settings).writer(note, clock=lambda: at, new_id=steps.new_id)
    with writer:
        writer.saved("resource", url=url, at=at, body=body, media_type="application/pdf")


def said(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Everything the archive says of files."""
    return {table: rows(settings, f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}  # noqa: S608


def test_files_come_with_their_pages_once_and_are_searched(room: PressRoom, tmp_path: Path) -> None:
    """Every file of a new release is archived in its run and found by its text; the next asks for none."""
    settings = run(room, tmp_path)
    linked = rows(settings, "SELECT DISTINCT unnest(attachments).url AS url FROM releases ORDER BY url")
    had = rows(settings, "SELECT page FROM captures WHERE family = 'file' AND verdict = 'good' ORDER BY page")
    assert had == linked
    assert set(files(room).values()) == {1}
    assert rows(settings, "SELECT count(*) FROM attachment_texts") == [(len(linked),)]
    with open_archive(settings.archive) as archive:
        assert search(archive.db, "Attachment", 20)
    room.forget_requests()
    run(room, tmp_path, day=1)
    assert files(room) == Counter()


def test_a_file_that_failed_is_asked_again_with_its_page(room: PressRoom, tmp_path: Path) -> None:
    """A page that answered as before has those of its files asked that were never had."""
    path = next(path for path in room_files(room))
    room.fault(path, "500", times=3)
    settings = run(room, tmp_path)
    page = f"https://www.env.go.jp{path}"
    assert rows(settings, "SELECT count(*) FROM attachment_files WHERE url = ?", page) == [(0,)]
    room.forget_requests()
    settings = run(room, tmp_path, day=1)
    assert list(files(room)) == [path]
    assert rows(settings, "SELECT count(*) FROM attachment_files WHERE url = ?", page) == [(1,)]


def room_files(room: PressRoom) -> Iterator[str]:
    """The addresses of the files that releases of the room link to."""
    for path in room.paths():
        state = room.state(path)
        if state is not None:
            yield from (one.href for one in state.record.attachments)


def test_a_recheck_asks_for_files_conditionally(room: PressRoom, tmp_path: Path) -> None:
    """`recheck` asks for all files of the pages it asks for, and the server answers 304."""
    settings = run(room, tmp_path)
    room.forget_requests()
    recheck(settings, days=30)
    again = [seen for seen in room.requests if seen.path.endswith(".pdf")]
    assert {seen.path for seen in again} == set(room_files(room))
    assert {seen.status for seen in again} == {304}


def test_a_file_over_the_cap_is_noted_and_left(room: PressRoom, tmp_path: Path) -> None:
    """The report says too-big with the limit, nothing of the file is kept, and it is not asked every day."""
    settings = settings_of(room, tmp_path, max_file=100)
    done = jobs.daily(settings, Steps())
    report = report_of(settings.archive, done.run_id)
    assert {trouble.reason for trouble in report.troubles} == {"too-big"}
    assert {trouble.page.rpartition(".")[2] for trouble in report.troubles} == {"pdf"}
    room.forget_requests()
    later = run(room, tmp_path, day=1, max_file=100)
    assert files(room) == Counter()
    assert rows(later, "SELECT count(*) FROM documents") == [(0,)]


def test_files_can_be_left_out(room: PressRoom, tmp_path: Path) -> None:
    """With the setting off a run asks for pages alone."""
    run(room, tmp_path, attachments=False)
    assert files(room) == Counter()


def test_a_replaced_file_is_a_change_of_its_release(room: PressRoom, tmp_path: Path) -> None:
    """Other bytes under the same link are listed with both digests, and searched instead of the old ones."""
    settings = run(room, tmp_path)
    release, url = rows(
        settings, "SELECT release_id, unnest(attachments).url FROM releases ORDER BY ALL LIMIT 1"
    )[0]
    replaced(settings, str(url), BROKEN, days=3)
    steps.load(settings)
    changes = rows(settings, "SELECT release_id, url, before <> after FROM attachment_changes")
    assert changes == [(release, url, True)]
    assert rows(settings, "SELECT count(*) FROM attachment_texts WHERE url = ?", url) == [(0,)]
    noted = "SELECT d.note FROM attachment_files f JOIN documents d USING (digest) WHERE f.url = ?"
    assert rows(settings, noted, url) == [("broken",)]
    versions = "SELECT version, change FROM release_versions WHERE release_id = ? ORDER BY version"
    assert rows(settings, versions, str(release)) == [(1, "created"), (2, "attachment")]


def test_history_and_diff_say_which_file_was_replaced(
    room: PressRoom,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its name with both sizes; the text of the old one as gone; `show --explain` still reads the page."""
    monkeypatch.setenv("COLUMNS", "300")
    settings = run(room, tmp_path)
    url = str(
        rows(settings, "SELECT min(one.url) FROM (SELECT unnest(attachments) AS one FROM releases)")[0][0]
    )
    replaced(settings, url, BROKEN, days=3)
    steps.load(settings)
    release = str(rows(settings, "SELECT release_id FROM attachment_changes")[0][0])
    said = {}
    for command in ("history", "diff", "show --explain"):
        name, *options = command.split()
        with pytest.raises(SystemExit) as left:
            cli_run(("--data", str(settings.data), name, release, *options))
        assert not left.value.code
        said[name] = " ".join(capsys.readouterr().out.split())
    assert f"file replaced: {url.rpartition('/')[2]}, " in said["history"]
    assert f"→ {len(BROKEN)} bytes" in said["history"]
    assert "file replaced" in said["diff"]
    assert "Attachment" in said["diff"]
    assert f"{len(BROKEN)} bytes" in said["diff"]
    assert "title" in said["show"]


def test_files_loaded_day_by_day_equal_a_rebuild(room: PressRoom, tmp_path: Path) -> None:
    """What the archive says of files follows from the log alone, older captures that came late included."""
    settings = run(room, tmp_path)
    url = str(
        rows(settings, "SELECT unnest(attachments).url AS url FROM releases ORDER BY url LIMIT 1")[0][0]
    )
    replaced(settings, url, BROKEN, days=3)
    steps.load(settings)
    replaced(settings, url, BROKEN + b" at all", days=2)
    steps.load(settings)
    grown = said(settings)
    steps.rebuild(settings)
    assert all(grown.values())
    assert said(settings) == grown


def test_only_files_of_the_ministry_are_asked() -> None:
    """Pages, files of other hosts and addresses of no web are left; one file linked twice is one."""
    urls = ["/content/000123456.pdf", "http://env.go.jp/content/000123456.pdf#page=2"]
    others = ["https://www.meti.go.jp/a.pdf", "/press/press_00177.html", "mailto:a@example.org"]
    own = own_files([f"https://www.env.go.jp{urls[0]}", urls[1], *others])
    assert own == ("https://www.env.go.jp/content/000123456.pdf",)
    assert Files({"page": own}).owed(["page", "page", "other"]) == own
    assert Files({"page": own}, frozenset(own)).owed(["page"]) == ()


def test_a_file_may_not_be_longer_than_can_be_read_back(tmp_path: Path) -> None:
    """One setting must not make an archive that no load can read."""
    with pytest.raises(ValidationError, match="max_file"):
        Settings(data=tmp_path, max_file=1 << 30)
