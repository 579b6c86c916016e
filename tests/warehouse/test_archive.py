import errno
from pathlib import Path

import duckdb
import pytest

from extractors.errors import Stop
from sources.locks import load_lock
from tests.warehouse.backends import loader, place
from tests.warehouse.world import START, MemoryLog, Run, load, load_all, page, text
from warehouse import Archive, Draft, Lake, open_archive
from warehouse.stores.archive import clear_drafts
from warehouse.stores.copying import copy_file, stop_for

pytestmark = pytest.mark.usefixtures("backend")


@pytest.fixture
def log() -> MemoryLog:
    """A log with one run that found one release."""
    made = MemoryLog()
    one = Run(made)
    one.get(page(1), text())
    one.seal()
    return made


def names(folder: Path) -> list[str]:
    """What lies in the folder of the archive."""
    return sorted(path.name for path in folder.iterdir())


def state(folder: Path) -> tuple[object, ...]:
    """Which file the archive is, byte for byte; or which state of the lake."""
    where = place(folder)
    if isinstance(where, Lake):
        return (where.snapshot(),)
    return (where.stat().st_ino, where.read_bytes())


def _break(draft: Draft) -> None:
    """What a later step of a load may do."""
    draft.db.execute("DELETE FROM release_versions")
    raise RuntimeError("alerts broke")


@pytest.mark.file_only("a lake is no file")
def test_the_archive_is_one_checkpointed_file(tmp_path: Path, log: MemoryLog) -> None:
    """After a load there is the file and the lock: no WAL, no draft."""
    load_all(tmp_path, log)
    assert names(tmp_path) == ["archive.duckdb", "lock"]


@pytest.mark.file_only("a lake needs an extension")
def test_plain_duckdb_opens_it_read_only(tmp_path: Path, log: MemoryLog) -> None:
    """Whatever the file is called: views and macros name no catalogue."""
    load_all(tmp_path, log)
    copy = tmp_path / "kept.duckdb"
    copy_file(tmp_path / "archive.duckdb", copy)
    with duckdb.connect(str(copy), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM releases").fetchall() == [(1,)]
        assert db.execute("SELECT count(*) FROM releases_as_of(?)", [START]).fetchall() == [(1,)]
        assert db.execute("SELECT outcome FROM ledger").fetchall() == [("loaded",)]


def test_an_error_in_the_block_leaves_the_old_archive(tmp_path: Path, log: MemoryLog) -> None:
    """Versions, ledger and everything else of the load are thrown away together, and no draft is left."""
    load_all(tmp_path, log)
    before, lying = state(tmp_path), names(tmp_path)
    with pytest.raises(RuntimeError, match="alerts broke"), loader(tmp_path).draft() as draft:
        _break(draft)
    assert (state(tmp_path), names(tmp_path)) == (before, lying)


def test_an_error_of_the_database_is_one_line(tmp_path: Path) -> None:
    """What DuckDB complains of stops the load in words, and no archive appears."""
    with (
        pytest.raises(Stop, match="the old archive is untouched"),
        loader(tmp_path).draft() as draft,
    ):
        draft.db.execute("SELECT nonsense")
    assert not place(tmp_path).exists()


@pytest.mark.parametrize(
    ("breaks", "truth"),
    [
        (
            "INSERT INTO release_versions SELECT * FROM release_versions",
            "each release has one current version",
        ),
        ("DELETE FROM captures", "every version leads to a capture"),
        (
            "UPDATE release_versions SET valid_to = valid_from - INTERVAL 1 DAY",
            "no interval ends before it begins",
        ),
    ],
)
def test_a_draft_that_fails_a_check_is_not_put_in_place(
    tmp_path: Path, log: MemoryLog, breaks: str, truth: str
) -> None:
    """The check names what is not true, and the old file stays."""
    load_all(tmp_path, log)
    before = state(tmp_path)
    with pytest.raises(Stop, match=truth), loader(tmp_path).draft() as draft:
        draft.db.execute(breaks)
    assert state(tmp_path) == before


def test_a_discarded_draft_changes_nothing(tmp_path: Path, log: MemoryLog) -> None:
    """Where there was nothing to load, the file is not even rewritten, nor the lake given another state."""
    load_all(tmp_path, log)
    before = state(tmp_path)
    with loader(tmp_path).draft() as draft:
        load(draft, log)
        draft.discard()
    assert state(tmp_path) == before


@pytest.mark.file_only("a draft of a lake leaves no file by name")
def test_left_over_drafts_are_removed(tmp_path: Path, log: MemoryLog) -> None:
    """Drafts of killed loads, with what DuckDB spilled beside them, go at the next load."""
    (tmp_path / "archive.duckdb.draft-1").write_bytes(b"torn")
    (tmp_path / "archive.duckdb.draft-1.tmp").mkdir()
    (tmp_path / "archive.duckdb.draft-1.tmp" / "block").write_bytes(b"spilled")
    load_all(tmp_path, log)
    assert names(tmp_path) == ["archive.duckdb", "lock"]
    assert clear_drafts(tmp_path / "archive.duckdb") == ()


def test_a_reader_keeps_what_it_opened_and_the_next_sees_the_new(tmp_path: Path, log: MemoryLog) -> None:
    """Two readers of one process, the file replaced between them."""
    load_all(tmp_path, log)
    with open_archive(place(tmp_path)) as old:
        one = Run(log)
        one.get(page(2), text("第2回"))
        one.seal()
        load_all(tmp_path, log)
        with open_archive(place(tmp_path)) as new:
            assert old.rows("SELECT count(*) AS n FROM releases") == [{"n": 1}]
            assert new.rows("SELECT count(*) AS n FROM releases") == [{"n": 2}]


@pytest.mark.file_only("the lock of a lake has its own test")
def test_a_load_waits_for_another_and_says_for_whom(tmp_path: Path) -> None:
    """Past the limit it stops, and nothing was touched."""
    said: list[str] = []
    archive = Archive(tmp_path / "archive.duckdb", lock_wait=0.2, on_wait=said.append)
    with load_lock(tmp_path, wait=0), pytest.raises(Stop, match="busy: process"), archive.draft():
        pytest.fail("the lock was held")
    assert len(said) == 1
    assert "waiting at most 0.2 s" in said[0]


@pytest.mark.file_only("the blocks of a file")
def test_dead_space_is_given_back(tmp_path: Path, log: MemoryLog) -> None:
    """A file more than half dead is written anew, with its views, comments and compression."""
    load_all(tmp_path, log)
    path = tmp_path / "archive.duckdb"
    archive = Archive(path, compact_from=0)
    with archive.draft() as draft:
        draft.db.execute("INSERT INTO duplicates SELECT uuid(), uuid(), 'copy', 1.0 FROM range(200000)")
    large = path.stat().st_size
    with archive.draft() as draft:
        draft.db.execute("DELETE FROM duplicates")
    assert path.stat().st_size < large / 2
    with open_archive(path) as reader:
        assert reader.rows("SELECT title FROM releases") == [{"title": "第1回会合の開催について"}]
        uncommented = "SELECT count(*) AS n FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        assert reader.rows(uncommented) == [{"n": 0}]
    with archive.draft() as draft:
        draft.db.execute("UPDATE release_versions SET body = repeat(body, 9000)")
    with open_archive(path) as reader:
        compression = """
            SELECT DISTINCT compression FROM pragma_storage_info('release_versions')
            WHERE column_name = 'body' AND segment_type = 'VARCHAR'
        """
        assert {row["compression"] for row in reader.rows(compression)} == {"ZSTD"}


@pytest.mark.file_only("nothing of an archive is asked")
def test_copies_are_whole_and_private(tmp_path: Path) -> None:
    """Whichever way the disk allows, the copy has the same bytes and another file."""
    source, target = tmp_path / "a", tmp_path / "b"
    source.write_bytes(bytes(range(256)) * 5000)
    assert copy_file(source, target) in {"reflink", "copy_file_range", "copy"}
    assert target.read_bytes() == source.read_bytes()
    target.write_bytes(b"changed")
    assert source.stat().st_size == 256 * 5000


@pytest.mark.file_only("nothing of an archive is asked")
def test_a_full_disk_is_said_in_one_line(tmp_path: Path) -> None:
    """No space: which folder, and that nothing was lost."""
    error = stop_for(OSError(errno.ENOSPC, "No space left on device"), tmp_path / "archive.duckdb.draft-1")
    assert "no space left for the new archive" in str(error)
    assert "the old one is untouched" in str(error)


@pytest.mark.file_only("nothing of an archive is asked")
def test_what_cannot_be_read_is_not_said_to_be_written(tmp_path: Path) -> None:
    """The file that the system names, and not the draft that was being made of it."""
    draft = tmp_path / "archive.duckdb.draft-1"
    error = stop_for(OSError(errno.EACCES, "Permission denied", "warc/manifest.jsonl"), draft)
    assert str(error) == "warc/manifest.jsonl: Permission denied; the old archive is untouched"
    error = stop_for(OSError(errno.EACCES, "Permission denied", str(draft)), draft)
    assert str(error).startswith(f"cannot write {draft.name}: Permission denied")
