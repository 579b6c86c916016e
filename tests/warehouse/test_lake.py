import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from extractors.errors import Stop, Usage
from tests.postgres import CHECKED
from tests.warehouse import doomed
from tests.warehouse.backends import Lakes, chosen, place
from tests.warehouse.world import START, MemoryLog, Run, load, load_all, page, text
from warehouse import Archive, Draft, Lake, digest, open_archive
from warehouse.stores.lake import lake_of
from warehouse.stores.lake_archive import GROUP, LakeArchive, LakeDraft
from warehouse.stores.upkeep import upkeep
from warehouse.tables import one_state

SECRET = "hush-hush"  # noqa: S105 - what must be shown nowhere


@pytest.fixture
def lake(postgres: str, tmp_path: Path) -> Lake:
    """A lake of this test's own, reached with a password."""
    schema = f"lake_{os.getpid()}_{abs(hash(tmp_path))}"
    return Lake(f"{postgres} password={SECRET}", str(tmp_path / "lake"), schema=schema)


@pytest.fixture
def store(lake: Lake, tmp_path: Path) -> LakeArchive:
    """What loads into it."""
    return LakeArchive(lake, tmp_path / "state.sqlite", lock_wait=0.2)


def log(days: int) -> MemoryLog:
    """A release that changes daily, and a new one each day."""
    made = MemoryLog()
    for day in range(days):
        one = Run(made, at=START.replace(day=5 + day))
        one.get(page(1), text(body=f"本文 {day}"))
        one.get(page(2 + day), text(f"第{day}回", body=f"別の本文 {day}"))
        one.seal()
    return made


def _break(draft: Draft) -> None:
    """Load, then fail."""
    load(draft, log(1))
    draft.db.execute("SELECT nonsense")


def told(place: Path | Lake) -> str:
    """The digest of an archive."""
    with open_archive(place) as archive:
        return digest(archive.db)


def test_a_lake_says_what_a_file_says(lake: Lake, store: LakeArchive, tmp_path: Path) -> None:
    """The same log, loaded in two parts, gives the same digest; a reader keeps the state it began with."""
    whole = log(3)
    whole.limit = 2
    with store.draft() as draft:
        load(draft, whole)
    with open_archive(lake) as before:
        whole.limit = None
        with store.draft() as draft:
            load(draft, whole)
        assert before.rows("SELECT count(*) AS n FROM releases") == [{"n": 3}]
    with Archive(tmp_path / "archive.duckdb").draft() as draft:
        load(draft, whole)
    assert told(lake) == told(tmp_path / "archive.duckdb")


def test_the_extensions_are_checked(lake: Lake, store: LakeArchive) -> None:
    """The packages they come in hold what DuckDB signed, and the program loads nothing else."""
    with patch.object(Lake, "open", CHECKED):
        with store.draft() as draft:
            load(draft, log(1))
        with open_archive(lake) as archive:
            assert archive.rows("SELECT count(*) AS n FROM releases") == [{"n": 2}]
            assert archive.rows("SELECT current_setting('allow_unsigned_extensions') AS n") == [{"n": False}]


def test_no_password_is_shown(lake: Lake, store: LakeArchive) -> None:
    """Neither the lake itself, nor the list of databases or secrets, nor a server that is not there."""
    with store.draft() as draft:
        load(draft, log(1))
    with open_archive(lake) as archive:
        shown = [*archive.rows("FROM duckdb_databases()"), *archive.rows("FROM duckdb_secrets()")]
        assert len(shown) > 1
        assert SECRET not in str((lake, repr(lake), shown))
    gone = Lake(f"host=127.0.0.1 port=1 user=moej password={SECRET}", "nowhere")
    with pytest.raises(Stop, match="cannot reach the lake") as stopped:
        open_archive(gone)
    assert SECRET not in str(stopped.getrepr(style="long", funcargs=False))
    with pytest.raises(Usage, match="no connection string") as wrong:
        lake_of(f"ducklake:postgres:{SECRET}", data="", chosen=False)
    assert SECRET not in str(wrong.value)
    with pytest.raises(Usage, match="expected ducklake:postgres:") as wrong:
        lake_of(f"postgres:password={SECRET}", data="", chosen=False)
    assert SECRET not in str(wrong.value)


def test_a_load_waits_for_another_machine_and_says_for_whom(lake: Lake, store: LakeArchive) -> None:
    """Past the limit it stops; the lock is free when its holder is gone."""
    said: list[str] = []
    other = LakeArchive(lake, store.state, lock_wait=0.2, on_wait=said.append)
    with store.draft() as draft:
        with pytest.raises(Stop, match="is busy: moej process"), other.draft():
            pytest.fail("the lock was held")
        load(draft, log(1))
    assert len(said) == 1
    assert f"moej process {os.getpid()}" in said[0]
    with other.draft() as draft:
        assert load(draft, log(1)).files == ()


def test_an_error_in_the_block_keeps_nothing(lake: Lake, store: LakeArchive) -> None:
    """Not even that there is an archive, where it was the first load."""
    with pytest.raises(Stop, match="the old archive is untouched"), store.draft() as draft:
        _break(draft)
    assert not lake.exists()
    with pytest.raises(Stop, match="no archive in the lake"):
        open_archive(lake)


def _lose(lake: Lake) -> None:
    """Ask in one transaction, of which the server lets go between two questions."""
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
    with open_archive(lake) as archive, one_state(archive.db):
        archive.db.execute("SELECT count(*) FROM releases")
        with lake.connected() as server:
            server.execute(ended)
        archive.db.execute("SELECT count(*) FROM captures")


def test_a_catalogue_that_goes_while_it_is_asked_is_said(lake: Lake, store: LakeArchive) -> None:
    """In one line that names the lake, not as what PostgreSQL says of its rollback."""
    with store.draft() as draft:
        load(draft, log(1))
    with pytest.raises(Stop, match=r"the lake postgres on .* cannot be read: (?!.*ROLLBACK)"):
        _lose(lake)


def test_two_lakes_do_not_share_a_folder(lake: Lake, store: LakeArchive, tmp_path: Path) -> None:
    """Each would take the other's files for what killed loads left, and delete them."""
    with store.draft() as draft:
        load(draft, log(1))
    other = replace(lake, schema=f"{lake.schema}_other")
    with pytest.raises(Stop, match=r"is new, but .* holds Parquet files"):
        LakeArchive(other, tmp_path / "state.sqlite").writing()
    assert other.said().data is None
    moved = replace(lake, data=f"{lake.data}-elsewhere", chosen=True)
    with pytest.raises(Usage, match=r"but the tables of .* lie in"):
        open_archive(moved)


def test_files_have_small_groups_of_rows_unless_somebody_chose(store: LakeArchive) -> None:
    """A reader unpacks a group whole; the choice is kept in the catalogue, for all machines."""
    option = "SELECT value FROM ducklake_options('archive') WHERE option_name = 'parquet_row_group_size'"
    for value in (str(GROUP), "4096"):
        db = store.writing()
        assert db.execute(option).fetchall() == [(value,)]
        db.execute("CALL archive.set_option('parquet_row_group_size', '4096')")
        db.close()


def merged(*logs: MemoryLog, order: Sequence[str]) -> MemoryLog:
    """The raw archives of several machines in one, files in this order."""
    files = {file.name: file for one in logs for file in one.files}
    put = [replace(files[name], sequence=number) for number, name in enumerate(order, start=1)]
    return MemoryLog(files=put)


def test_two_raw_archives_make_one_lake(lake: Lake, store: LakeArchive, tmp_path: Path) -> None:
    """Files of one number are told apart, a page gone on one machine is withdrawn with the other's text."""
    here, there = MemoryLog(), MemoryLog(machine="b")
    one = Run(here)
    one.get(page(1), text(body="ここで読んだ"))
    one.seal()
    with store.draft() as draft:
        load(draft, here)
    for day in (1, 3):
        one = Run(there, at=START + timedelta(days=day))
        one.gone(page(1))
        one.get(page(2), text("第2回", body=f"あちらで読んだ {day}"))
        one.seal()
        with store.draft() as draft:
            load(draft, there)
    with open_archive(lake) as archive:
        order = archive.rows("SELECT name, sequence FROM warc_files ORDER BY sequence")
        assert [row["sequence"] for row in order] == [1, 2, 3]
        history = archive.history("20260105-press_00001")
    assert [(row["change"], row["body"]) for row in history] == [
        ("created", "ここで読んだ"),
        ("withdrawn", "ここで読んだ"),
    ]
    whole = merged(here, there, order=[row["name"] for row in order])
    with Archive(tmp_path / "archive.duckdb").draft() as draft:
        load(draft, whole)
    assert told(tmp_path / "archive.duckdb") == told(lake)
    with pytest.raises(Stop, match="1 of its raw files are not here"), store.draft(empty=True) as draft:
        load(draft, there)
    with store.draft(empty=True) as draft:
        load(draft, whole)
    assert told(tmp_path / "archive.duckdb") == told(lake)


def test_bytes_that_no_version_holds_are_asked_for(lake: Lake, store: LakeArchive) -> None:
    """What was read elsewhere and began no version must be copied here: the load says which file."""
    here, there = MemoryLog(), MemoryLog(machine="b")
    # The same content set otherwise: the later reading begins no version, and is what stood last.
    for body in ("本文である。", "本文 である。"):
        one = Run(here, at=START + timedelta(hours=len(here.files)))
        one.get(page(1), text(body=body))
        one.seal()
    with store.draft() as draft:
        load(draft, here)
    one = Run(there, at=START + timedelta(days=1))
    one.gone(page(1))
    one.gone(page(1), at=START + timedelta(days=3))
    one.seal()
    with pytest.raises(Stop, match=r"copy that file .* load again"), store.draft() as draft:
        load(draft, there)
    there.files.insert(0, here.files[1])
    with store.draft() as draft:
        load(draft, there)
    with open_archive(lake) as archive:
        assert [row["body"] for row in archive.history("20260105-press_00001")] == [
            "本文である。",
            "本文 である。",
        ]


def test_merging_files_changes_nothing_anybody_reads(lake: Lake, store: LakeArchive) -> None:
    """Many small files become few; a reader of before goes on reading."""
    whole = log(2)
    for limit in (1, 2):
        whole.limit = limit
        with store.draft() as draft:
            load(draft, whole)
    files = "SELECT sum(file_count + delete_file_count) AS n FROM ducklake_table_info('archive')"
    with open_archive(lake) as before, store.draft() as draft:
        count, said = before.rows(files)[0]["n"], digest(before.db)
        draft.db.execute("COMMIT")
        assert not upkeep(draft.db, lake)
        assert upkeep(draft.db, lake, many=1)
        draft.discard()
        assert digest(before.db) == said == told(lake)
    with open_archive(lake) as after:
        assert after.rows(files)[0]["n"] < count


def test_what_a_killed_load_left_is_cleared(lake: Lake, tmp_path: Path) -> None:
    """Where it is days old; a file of a load at work, all that is live, and an old state stay."""
    backend = Lakes(lake.conninfo)
    with chosen(backend):
        mine = backend.place(tmp_path)
        load_all(tmp_path, log(1))
        live = set(Path(mine.data).rglob("*.parquet"))
        doomed.keep(tmp_path, log(2))
        assert doomed.run(tmp_path, failpoint="warehouse.checked") == -signal.SIGKILL
        left = set(Path(mine.data).rglob("*.parquet")) - live
        at_work = left.pop()
        for path in live | left:
            os.utime(path, (0, 0))
        store = LakeArchive(mine, tmp_path / "state.sqlite")
        with open_archive(mine) as before:
            said = digest(before.db)
            db = store.writing()
            assert upkeep(db, mine, many=1)
            db.close()
            there = set(Path(mine.data).rglob("*.parquet"))
            assert len(left) > 1
            assert not left & there
            assert {at_work, *live} <= there
            assert digest(before.db) == said == told(mine)
    backend.close()


def test_no_file_of_the_catalogue_is_taken_for_left_over(lake: Lake, store: LakeArchive) -> None:
    """DuckLake compares paths as they are written, and would delete live files where two spellings meet."""
    with store.draft() as draft:
        load(draft, log(1))
    for path in Path(lake.data).rglob("*.parquet"):
        os.utime(path, (0, 0))
    with lake.connected() as catalogue:
        written_otherwise = "SET value = replace(value, '/lake/', '//lake/') WHERE key = 'data_path'"
        catalogue.execute(f"UPDATE {lake.schema}.ducklake_metadata {written_otherwise}")
    said = told(lake)
    db = store.writing()
    with pytest.raises(Stop, match="is in use but seems left over"):
        upkeep(db, lake, many=1)
    db.close()
    assert told(lake) == said


def test_a_load_whose_lock_was_lost_keeps_nothing(lake: Lake, store: LakeArchive) -> None:
    """Another may have begun: what was written is not put in place."""
    with store.draft() as draft:
        load(draft, log(1))
    before = lake.snapshot()
    with pytest.raises(Stop, match="another load may have begun"), store.draft() as draft:
        _cut(draft, lake)
    assert lake.snapshot() == before


def _cut(draft: Draft, lake: Lake) -> None:
    """Load, and end the connection that holds the lock from outside."""
    load(draft, log(2))
    with lake.connected() as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )


def test_of_two_loads_at_once_only_one_is_kept(lake: Lake, store: LakeArchive, tmp_path: Path) -> None:
    """Should the lock fail after all, the second to commit is refused: no version stands twice."""
    with store.draft() as draft:
        load(draft, log(1))
    drafts = [LakeDraft(lake, tmp_path / "state.sqlite", store.writing()) for _ in range(2)]
    for one in drafts:
        one.begin(empty=False)
        load(one, log(2))
    drafts[0].commit(lambda: None)
    with pytest.raises(duckdb.Error, match="conflict"):
        drafts[1].commit(lambda: None)
    for one in drafts:
        one.db.close()
    with open_archive(lake) as archive:
        assert archive.rows("SELECT count(*) AS n FROM warc_files") == [{"n": 2}]


@pytest.mark.parametrize("anew", [False, True], ids=["load", "rebuild"])
def test_killed_at_any_point_a_lake_is_the_old_or_the_new(lake: Lake, tmp_path: Path, anew: bool) -> None:  # noqa: FBT001 - pytest hands it over
    """Killed while it writes or just after it committed: the next load finds everything, and no lock."""
    backend = Lakes(lake.conninfo)
    with chosen(backend):
        whole = log(3)
        whole.limit = 2
        load_all(tmp_path, whole)
        whole.limit = None
        doomed.keep(tmp_path, whole)
        before = told(place(tmp_path))
        for point in ("placed", "checked", "committed"):
            assert doomed.run(tmp_path, failpoint=f"warehouse.{point}", anew=anew) == -signal.SIGKILL
            assert (told(place(tmp_path)) == before) is (point != "committed")
        load_all(tmp_path, whole)
        with Archive(tmp_path / "archive.duckdb").draft() as draft:
            load(draft, whole)
        assert told(place(tmp_path)) == told(tmp_path / "archive.duckdb")
    backend.close()
