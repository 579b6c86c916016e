"""What a load takes of memory: bounded by DuckDB's setting, and nothing of it kept that was written."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa
import pytest

from warehouse import memory
from warehouse.memory import Relief, bound, shed
from warehouse.tables import insert, one


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with captures, in a transaction."""
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute("CREATE TABLE captures (capture_id VARCHAR); BEGIN")
        yield db


def test_small_archives_have_one_bound(db: duckdb.DuckDBPyConnection) -> None:
    """Three thousand captures or thirty thousand: the same."""
    for count in (3_000, 27_000):
        db.execute("INSERT INTO captures SELECT range FROM range(?)", [count])
        bound(db)
        assert one(db, "SELECT current_setting('memory_limit')") == "144.0 MiB"


def test_large_archives_have_more(db: duckdb.DuckDBPyConnection) -> None:
    """What cannot go to disk grows with them."""
    db.execute("INSERT INTO captures SELECT range FROM range(100000)")
    bound(db)
    assert one(db, "SELECT current_setting('memory_limit')") == "781.0 MiB"


def test_more_threads_have_more(db: duckdb.DuckDBPyConnection) -> None:
    """Each holds blocks of every column: with too little for all of them, a rebuild would end."""
    db.execute("SET threads = 6")
    bound(db)
    assert one(db, "SELECT current_setting('memory_limit')") == "272.0 MiB"


def test_never_more_than_duckdb_would_take(
    db: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine with less memory than the bound, DuckDB's own share of it stands."""
    own = one(db, "SELECT current_setting('memory_limit')")
    bound(db)
    monkeypatch.setattr(memory, "LEAST", 1 << 60)
    bound(db)
    assert one(db, "SELECT current_setting('memory_limit')") == own


def test_what_is_written_is_not_kept(db: duckdb.DuckDBPyConnection) -> None:
    """A rebuild is one transaction: tables kept until its end would be the whole log in memory."""
    before = pa.total_allocated_bytes()
    for number in range(20):
        rows = [{"capture_id": f"{number}-{row:01000d}"} for row in range(200)]
        insert(db, "captures", rows, pa.schema({"capture_id": pa.string()}))
    assert one(db, "SELECT count(*) FROM captures") == 4_000
    assert pa.total_allocated_bytes() - before < 1 << 20


def test_rows_add_up_until_they_are_worth_it(db: duckdb.DuckDBPyConnection) -> None:
    """Portions of a few hundred are written out together, and the rest after the step."""
    written: list[int] = []
    relief = Relief(db, keep=lambda: written.append(1))
    for _ in range(memory.PIECE // 512 - 1):
        relief(512)
    assert written == []
    relief(512)
    assert written == [1]
    relief.write_out()
    assert written == [1, 1]


def test_what_cannot_be_let_go_of_stays(db: duckdb.DuckDBPyConnection) -> None:
    """The bound is the usual one afterwards, also where more than the floor is in use."""
    db.execute("COMMIT; SET temp_directory = ''")
    db.execute("CREATE TABLE held AS SELECT md5(range::VARCHAR) AS x FROM range(2000000)")
    shed(db)
    assert one(db, "SELECT current_setting('memory_limit')") == "144.0 MiB"
    assert one(db, "SELECT count(*) FROM held") == 2_000_000
