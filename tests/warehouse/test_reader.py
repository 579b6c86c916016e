from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.errors import Stop, Usage
from tests.warehouse.backends import Backend, chosen
from tests.warehouse.world import SITE, START, MemoryLog, Run, load_all, page, text
from warehouse import Reader, open_archive

DAY = timedelta(days=1)
ID = "20260105-press_00001"


@pytest.fixture(scope="module")
def archive(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One release corrected once, another with a page name that begins alike, one page unreadable."""
    folder = tmp_path_factory.mktemp("archive")
    log = MemoryLog()
    one = Run(log)
    one.get(page(1), text(body="一"))
    one.get(f"{SITE}/press/press_000011.html", text("第2回"))
    one.get(page(3), b"junk")
    one.get(page(9), b"", verdict="redirect", status=301, location=page(1))
    one.seal()
    one = Run(log, at=START + DAY)
    one.get(page(1), text(body="二"))
    one.seal()
    one = Run(log, at=START + 2 * DAY)
    one.same(page(1), text(body="二"))
    one.seal()
    with chosen(backend):
        load_all(folder, log)
    with open_archive(backend.place(folder)) as reader:
        yield reader


@pytest.mark.parametrize(
    "given",
    [
        ID,
        "press_00001",
        page(1),
        f" {ID} ",
        "http://env.go.jp/press/press_00001.html?utm_source=mail#top",
        page(9),
    ],
)
def test_a_release_is_found_by_id_page_name_or_address(archive: Reader, given: str) -> None:
    """Whatever a person has at hand, if it means one release; an address that led there leads there still."""
    assert archive.resolve(given) == ID


def test_the_unique_beginning_of_an_id_is_enough(archive: Reader) -> None:
    """An id that is the beginning of another is still itself."""
    assert archive.resolve("20260105-press_000011") == "20260105-press_000011"
    assert archive.resolve(ID) == ID


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("20260105", "may mean several releases: .*第2回.*第1回"),
        ("press_99999", "no release"),
        ("  ", "no release"),
    ],
)
def test_what_means_no_release_or_several_is_said(archive: Reader, given: str, said: str) -> None:
    """With the candidates, or with what an id looks like."""
    with pytest.raises(Usage, match=said):
        archive.resolve(given)


def test_a_release_then_and_now(archive: Reader) -> None:
    """The current version, the one that held at a time, and a clear word before the first."""
    assert archive.release(ID)["body"] == "二"
    assert archive.release(ID, at=START + DAY / 2)["body"] == "一"
    with pytest.raises(Usage, match="was not known at"):
        archive.release(ID, at=START - DAY)


def test_history_and_one_version(archive: Reader) -> None:
    """Oldest first; a number that is not there names those that are."""
    assert [row["body"] for row in archive.history(ID)] == ["一", "二"]
    assert archive.version(ID, 1)["body"] == "一"
    with pytest.raises(Usage, match="versions 1 to 2, not 3"):
        archive.version(ID, 3)


def test_known_pages_say_what_to_ask_with(archive: Reader) -> None:
    """The last bytes of each page, readable or not, and when it was last asked for."""
    known = archive.known()
    assert set(known) == {page(1), f"{SITE}/press/press_000011.html", page(3)}
    first = known[page(1)]
    assert (first.capture_id, first.fetched_at, first.asked_at) == (
        "c-0002-0000",
        START + DAY,
        START + 2 * DAY,
    )


def test_pages_whose_bytes_are_elsewhere_are_asked_without_a_condition(archive: Reader) -> None:
    """With the files that are here, only pages whose last bytes lie in one of them count as known."""
    assert set(archive.known(here={"2026/01/000002-run-run-0002.warc.gz"})) == {page(1)}


def test_the_place_of_a_revisit_is_that_of_its_bytes(archive: Reader) -> None:
    """From any capture to the file and offset it was read from."""
    assert archive.place("c-0003-0000") == ("2026/01/000002-run-run-0002.warc.gz", 0)
    with pytest.raises(Usage, match="no capture"):
        archive.place("c-9")


@pytest.mark.parametrize("few", [0, 500])
def test_the_last_runs_are_those_of_the_view(
    archive: Reader, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Newest first, with the counts of the view: of a few runs alone, of more out of all."""
    monkeypatch.setattr("warehouse.runs._FEW", few)
    every = archive.rows("SELECT * EXCLUDE (fill_shares) FROM runs ORDER BY started_at DESC")
    assert len(every) == 3
    assert archive.runs(5) == every
    assert archive.runs(1) == every[:1]


def test_runs_that_began_at_one_time_stand_as_they_arrived(backend: Backend, tmp_path: Path) -> None:
    """Under a clock that stands still the later run is the newer one, whatever its random id; a limit too."""
    log = MemoryLog()
    for machine in ("c", "a", "b"):
        log.machine = machine
        one = Run(log)
        one.get(page(1), text())
        one.seal()
    with chosen(backend):
        load_all(tmp_path, log)
    with open_archive(backend.place(tmp_path)) as reader:
        assert [run["run_id"] for run in reader.runs(5)] == ["run-b0003", "run-a0002", "run-c0001"]
        assert [run["run_id"] for run in reader.runs(2)] == ["run-b0003", "run-a0002"]


def test_status_counts_and_shows_what_is_wrong(archive: Reader) -> None:
    """Figures, runs newest first, open quarantine."""
    status = archive.status()
    assert (status["releases"], status["versions"], status["captures"], status["quarantined"]) == (2, 3, 6, 1)
    assert [row["run_id"] for row in status["runs"]] == ["run-0003", "run-0002", "run-0001"]
    assert [row["reason"] for row in status["in_quarantine"]] == ["no title"]
    assert status["last_good_run_at"] == START + 2 * DAY + timedelta(minutes=5)


def test_sql_reads_and_never_writes(archive: Reader) -> None:
    """A wrong statement and a writing one are the asker's mistake, told in DuckDB's words."""
    assert archive.sql("SELECT max(version) FROM releases").fetchall() == [(2,)]
    assert archive.sql("SELECT title FROM releases WHERE release_id = ?", [ID]).to_arrow_table().num_rows == 1
    with pytest.raises(Usage, match="nonsense"):
        archive.sql("SELECT nonsense FROM releases")
    with pytest.raises(Usage, match="read-only"):
        archive.sql("DELETE FROM duplicates")


@pytest.mark.file_only("the words are those for a file")
def test_no_archive_and_a_damaged_one_say_what_to_do(tmp_path: Path) -> None:
    """One sentence each."""
    with pytest.raises(Stop, match=r"no archive at .*moej demo"):
        open_archive(tmp_path / "archive.duckdb")
    (tmp_path / "archive.duckdb").write_bytes(b"torn" * 5000)
    with pytest.raises(Stop, match=r"does not open .*moej rebuild"):
        open_archive(tmp_path / "archive.duckdb")
