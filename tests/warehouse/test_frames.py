"""The archive from Python: polars, pandas and Arrow, and the notebook that shows it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.warehouse.cookbook_archive import fill
from warehouse import Reader, open_archive
from warehouse.migrate import migrate
from warehouse.stores.archive import create

ROOT = Path(__file__).resolve().parents[2]
QUERY = "SELECT release_id, published_on, jcm_countries FROM jcm_announcements ORDER BY release_id"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the small archive of the cookbook."""
    folder = tmp_path_factory.mktemp("frames")
    with closing(create(folder / "archive.duckdb")) as db:
        migrate(db)
        fill(db)
        db.execute("CHECKPOINT")
    return folder


@pytest.fixture
def archive(folder: Path) -> Iterator[Reader]:
    """The archive, open as an analyst opens it."""
    with open_archive(folder / "archive.duckdb") as archive:
        yield archive


def test_a_result_becomes_a_polars_frame(archive: Reader) -> None:
    """Dates stay dates and lists stay lists in polars."""
    frame = archive.sql(QUERY).pl()
    assert [str(kind) for kind in frame.dtypes] == ["String", "Date", "List(String)"]
    assert frame.rows() == archive.sql(QUERY).fetchall()


def test_a_result_becomes_a_pandas_frame(archive: Reader) -> None:
    """Every row arrives in pandas, lists included."""
    frame = archive.sql(QUERY).df()
    rows = archive.sql(QUERY).fetchall()
    assert list(frame["release_id"]) == [row[0] for row in rows]
    assert [list(countries) for countries in frame["jcm_countries"]] == [row[2] for row in rows]


def test_a_result_becomes_an_arrow_table(archive: Reader) -> None:
    """Arrow gets the rows with their types."""
    table = archive.sql(QUERY).to_arrow_table()
    assert str(table.schema.field("published_on").type) == "date32[day]"
    assert table.num_rows == len(archive.sql(QUERY).fetchall())


def test_the_notebook_runs_straight_through(folder: Path, tmp_path: Path) -> None:
    """The notebook prints both tables; Mongolia leads with the credits of its two releases."""
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "notebooks" / "jcm.py"],
        # Of its own home, so that no setting of the machine's marimo takes part.
        env={**os.environ, "MOEJ_DATA": str(folder), "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "joint_committee" in done.stdout
    first = next(line for line in done.stdout.splitlines() if line.startswith("0 "))
    assert first.split() == ["0", "MN", "10000.0"]
