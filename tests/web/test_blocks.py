from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.web import shelf
from web.blocks import ROWS, Blocks

COUNT = 3 * ROWS


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A table with several blocks of rows, some of them deleted."""
    db = duckdb.connect(str(tmp_path_factory.mktemp("blocks") / "rows.duckdb"))
    db.execute("CREATE TABLE release_versions AS SELECT range AS n, 'x' AS body FROM range(?)", [COUNT])
    db.execute("DELETE FROM release_versions WHERE n % 5 = 1")
    return db


def test_each_row_is_found_by_its_number(many: duckdb.DuckDBPyConnection) -> None:
    """Rows that were deleted before it do not shift a row, in any block, kept or not."""
    blocks, asked = Blocks(10**9), list[int]()

    def read(sql: str, bound: dict[str, int]) -> pa.Table:
        asked.append(bound["first"])
        return many.execute(sql, bound).to_arrow_table()

    numbers = many.execute("SELECT rowid, n FROM release_versions WHERE n % 700 = 3 OR n = 5000").fetchall()
    for _ in range(2):
        assert [blocks.row(rowid, read)["n"] for rowid, _ in numbers] == [n for _, n in numbers]
    assert asked == [0, ROWS, 2 * ROWS]


def test_blocks_make_room_for_each_other(many: duckdb.DuckDBPyConnection) -> None:
    """Where there is room for one only, the one used longest ago is read again."""
    blocks, asked = Blocks(1), list[int]()

    def read(sql: str, bound: dict[str, int]) -> pa.Table:
        asked.append(bound["first"])
        return many.execute(sql, bound).to_arrow_table()

    for rowid in (0, 2, ROWS + 2, 4):
        blocks.row(rowid, read)
    assert asked == [0, ROWS, 0]


def test_the_table_is_one_to_number(data: Path) -> None:
    """The versions of the archive stand in a table of its own, whose rows have numbers."""
    with duckdb.connect(str(data / "archive.duckdb"), read_only=True) as db:
        rows = db.execute("SELECT rowid FROM release_versions WHERE release_id = ?", [shelf.THREE]).fetchall()
    assert len(set(rows)) == 3
