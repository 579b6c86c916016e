import gzip
from pathlib import Path

import duckdb
import pytest

from extractors.errors import Stop
from tests.laid import copy
from tests.warehouse.backends import current, loader, place
from tests.warehouse.conftest import new_archive
from tests.warehouse.keep import FIRST, TITLES
from warehouse import open_archive
from warehouse.migrate import Migration, applied, migrate, migrations
from warehouse.stores.archive import Archive, create

pytestmark = pytest.mark.usefixtures("backend")

KEPT = sorted((Path(__file__).parent / "databases").glob("*.duckdb.gz"))


def shape(db: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Tables, views, columns and their comments."""
    return db.execute(
        "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY ALL"
    ).fetchall()


@pytest.mark.file_only("nothing of an archive is asked")
def test_steps_are_numbered_without_doubles() -> None:
    """Two helpers of one number would hide one another."""
    numbers = [step.number for step in migrations()]
    assert numbers == sorted(set(numbers))


def test_each_step_is_recorded_with_its_digest() -> None:
    """The record says which statements made the file."""
    db = new_archive()
    recorded = db.execute("SELECT number, name, sha256 FROM migrations ORDER BY number").fetchall()
    assert recorded == [(step.number, step.name, step.sha256) for step in migrations()]
    assert migrate(db) == ()
    current().done(db)


@pytest.mark.file_only("a lake goes through the steps")
def test_what_these_tests_copy_is_what_the_steps_lay(tmp_path: Path) -> None:
    """Nothing is lost on the way: tables, columns, views, macros, and what is said of each."""
    path = tmp_path / "laid.duckdb"
    with create(path) as laid:
        migrate(laid)
    # Opened again, for DuckDB writes its statements a little differently then.
    with duckdb.connect(path) as laid:
        wanted = catalogue(laid)
    with duckdb.connect() as copied:
        copy(path, copied)
        assert catalogue(copied) == wanted


def catalogue(db: duckdb.DuckDBPyConnection) -> list[list[tuple[object, ...]]]:
    """All that a database has before anything is loaded."""
    parts = (
        "duckdb_columns() SELECT table_name, column_name, data_type, comment WHERE NOT internal",
        "duckdb_tables() SELECT table_name, sql, comment WHERE NOT internal",
        "duckdb_views() SELECT view_name, sql, comment WHERE NOT internal",
        "duckdb_functions() SELECT function_name, parameters, macro_definition, comment WHERE NOT internal",
        "migrations SELECT *",
    )
    return [db.execute(f"FROM {part} ORDER BY ALL").fetchall() for part in parts]


@pytest.mark.file_only("on a lake the steps are part of the load")
def test_a_step_that_fails_leaves_neither_work_nor_record() -> None:
    """The work and its record commit together or not at all."""
    steps = (
        *migrations(),
        Migration(9000, "9000_bad.sql", "CREATE TABLE half (a INTEGER); SELECT nonsense;"),
    )
    db = duckdb.connect()
    with pytest.raises(duckdb.Error, match="nonsense"):
        migrate(db, steps)
    assert applied(db) == migrations()[-1].number
    assert ("half",) not in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    db.close()


def test_a_newer_file_is_refused_with_a_clear_word(tmp_path: Path) -> None:
    """Neither a load nor a reader touches an archive of a later program."""
    with loader(tmp_path).draft() as draft:
        draft.db.execute("INSERT INTO migrations VALUES (9000, '9000_later.sql', '', now())")
    with pytest.raises(Stop, match="a newer moej wrote it"), loader(tmp_path).draft():
        pytest.fail("a newer archive was opened to be written")
    with pytest.raises(Stop, match="a newer moej wrote it"):
        open_archive(place(tmp_path))


@pytest.mark.file_only("no lake of an earlier version exists")
@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name[:4])
def test_a_database_of_every_earlier_version_comes_up_to_date(kept: Path, tmp_path: Path) -> None:
    """Its rows survive, its steps are those of today, and its tables end as those of a new archive."""
    path = tmp_path / "archive.duckdb"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    with Archive(path).draft() as draft:
        fresh = new_archive()
        assert shape(draft.db) == shape(fresh)
        fresh.close()
        recorded = draft.db.execute("SELECT number, sha256 FROM migrations ORDER BY number").fetchall()
        assert recorded == [(step.number, step.sha256) for step in migrations()]
    with open_archive(path) as archive:
        assert [row["title"] for row in archive.history("20260105-press_00001")] == TITLES
        assert archive.rows("SELECT reason FROM quarantine") == [{"reason": "no title"}]


@pytest.mark.file_only("as above")
def test_a_database_is_kept_for_every_step_that_could_be_released() -> None:
    """After a new migration, `python -m tests.warehouse.keep` keeps the tables as they are with it."""
    assert {int(path.name[:4]) for path in KEPT} >= {
        step.number for step in migrations() if step.number >= FIRST
    }
