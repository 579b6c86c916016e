"""What a load writes out on its way comes to the same as a load that holds all of it to the end."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.world import START, MemoryLog, Run, page, read, read_listing, text
from warehouse import Archive, FileDraft, digest, firsts, memory, open_archive, rebuild
from warehouse.duplicates import near
from warehouse.follow import FOLLOWERS
from warehouse.stores import archive as archives
from warehouse.stores.archive import create, layout
from warehouse.tables import one

PAGES = 40
WORTH = memory.WORTH
WORDS = ["二国間クレジット制度", "の", "もとで", "行う", "設備", "補助", "事業", "を", "採択", "しました"]


@pytest.fixture
def log() -> MemoryLog:
    """Pages that were new in one run, of which some are alike; every third was edited since."""
    made = MemoryLog()
    first = Run(made)
    for number in range(1, PAGES + 1):
        first.get(page(number), text(f"第{number}回", body=" ".join(WORDS * 9 + [str(number % 4)])))
    first.seal()
    second = Run(made, at=START.replace(month=2))
    for number in range(1, PAGES + 1, 3):
        second.get(page(number), text(f"第{number}回", body=" ".join(WORDS * 9 + ["訂正"])))
    second.seal()
    return made


def rebuilt(folder: Path, log: MemoryLog) -> str:
    """The digest of an archive made of the log, with everything that follows the versions."""
    folder.mkdir()
    archive = Archive(folder / "archive.duckdb")
    rebuild(
        archive,
        log,
        read=read,
        read_listing=read_listing,
        extractor_version="1",
        workers=1,
        clock=lambda: START,
        follow=FOLLOWERS,
    )
    with open_archive(archive.path) as reader:
        assert reader.rows("SELECT count(*) AS n FROM release_versions")[0]["n"] == PAGES + PAGES // 3 + 1
        return digest(reader.db)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has every load write out after a few rows, and look at a few bands at a time; a number each time."""
    times: list[int] = []
    keep = FileDraft.keep

    def counted(draft: FileDraft) -> None:
        times.append(len(times))
        keep(draft)

    monkeypatch.setattr(FileDraft, "keep", counted)
    monkeypatch.setattr(memory, "WORTH", 1)
    monkeypatch.setattr(memory, "PIECE", 7)
    monkeypatch.setattr(firsts, "BATCH", 5)
    monkeypatch.setattr(near, "AT_ONCE", 100)
    return times


def test_writing_out_on_the_way_changes_nothing(
    tmp_path: Path, log: MemoryLog, request: pytest.FixtureRequest
) -> None:
    """The same digest, whether a load writes out at its end or after every seven rows."""
    whole = rebuilt(tmp_path / "whole", log)
    kept = request.getfixturevalue("kept")
    assert rebuilt(tmp_path / "pieces", log) == whole
    assert len(kept) > PAGES // 7


def test_a_small_load_writes_out_at_its_end_alone(
    tmp_path: Path, log: MemoryLog, kept: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint costs a day's load more than it saves."""
    monkeypatch.setattr(memory, "WORTH", WORTH)
    rebuilt(tmp_path / "small", log)
    assert kept == []


def test_a_load_ends_rather_than_lose_a_reading(
    tmp_path: Path, log: MemoryLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readings that are not where they were staged end the load; the archive is not replaced."""
    monkeypatch.setattr(firsts, "_parts", lambda _db: iter([(0, 3)]))
    with pytest.raises(LookupError, match=r"26 releases begin, and 0 of their"):
        rebuilt(tmp_path / "lost", log)
    assert not (tmp_path / "lost" / "archive.duckdb").exists()


def pieces(db: duckdb.DuckDBPyConnection) -> int:
    """In how many pieces the versions stand in a file."""
    return int(one(db, "SELECT count(DISTINCT row_group_id) FROM pragma_storage_info('release_versions')"))


def test_pieces_are_put_together_at_the_end(tmp_path: Path, log: MemoryLog) -> None:
    """What a load wrote out on its way: years of them would make a file of nothing but small pieces."""
    rebuilt(tmp_path / "made", log)
    archive = Archive(tmp_path / "made" / "archive.duckdb")
    with archive.draft() as draft:
        for number in range(4):
            draft.db.execute(
                "INSERT INTO release_versions (release_id, version) VALUES (?, 1)", [f"x{number}"]
            )
            draft.keep()
        assert pieces(draft.db) == 5
        draft.db.execute("DELETE FROM release_versions WHERE starts_with(release_id, 'x')")
    with open_archive(archive.path) as reader:
        assert pieces(reader.db) == 1


def reopened(path: Path) -> int:
    """In how many pieces the versions stand after a load of one row."""
    with closing(create(path, layout(path))) as db:
        db.execute("INSERT INTO release_versions VALUES (0)")
        db.execute("CHECKPOINT")
        return pieces(db)


def test_full_pieces_stay_until_the_file_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To put thirty thousand texts together takes more memory than a load may."""
    path = tmp_path / "archive.duckdb"
    with closing(create(path, layout(path))) as db:
        db.execute(
            "CREATE TABLE release_versions AS SELECT range::INTEGER AS version FROM range(?)",
            [memory.PIECE * 3],
        )
        db.execute("CHECKPOINT")
        assert pieces(db) == 3
    assert reopened(path) == 4
    monkeypatch.setattr(archives, "LARGE", 1)
    assert reopened(path) < 3
