"""The archive as files: complete, described, inert in a spreadsheet, and never half written."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import Usage
from tests.warehouse.backends import Backend
from tests.warehouse.rows import empty_archive, history, insert, release
from warehouse.export import FORMATS, TABLES, export

NOW = datetime(2025, 7, 2, 9, tzinfo=UTC)
FACT = {"label": "日時", "value": "6月18日"}


@pytest.fixture(scope="module")
def archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two releases of two years; the later was corrected once."""
    first = release(
        "20250301-press_2", title="二国間\n「クレジット」, 発行", body="旧", facts=(FACT,), jcm_tonnes=251.5
    )
    with empty_archive(backend) as con:
        con.execute("SET TimeZone = 'Asia/Tokyo'")
        insert(
            con,
            [
                release("20240201-press_1", title="=cmd|' /C calc'!A0", body="-1+1"),
                *history(first, first | {"body": "新"}),
            ],
        )
        yield con


def described(folder: Path) -> dict[str, Any]:
    """The datapackage of an export."""
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return package


def test_parquet_gives_the_rows_back(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Read back with its year folders, the Parquet export holds every row and every column of the table."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["parquet"])
    assert sorted(path.name for path in (folder / "release_versions").iterdir()) == ["year=2024", "year=2025"]
    read = archive.execute(
        "SELECT * EXCLUDE (year) FROM read_parquet(?, hive_partitioning = true) ORDER BY release_id, version",
        [str(folder / "release_versions" / "*" / "*.parquet")],
    ).fetchall()
    assert read == archive.execute("FROM release_versions ORDER BY release_id, version").fetchall()


@pytest.mark.parametrize("form", FORMATS)
def test_every_table_is_described(archive: duckdb.DuckDBPyConnection, tmp_path: Path, form: str) -> None:
    """Each table stands in the datapackage with existing files and a description of every field."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=[form])
    resources = {one["name"].replace("-", "_"): one for one in described(folder)["resources"]}
    assert set(resources) == set(TABLES)
    for one in resources.values():
        paths = [one["path"]] if isinstance(one["path"], str) else one["path"]
        assert all((folder / path).is_file() for path in paths)
        assert all(field["description"] for field in one["schema"]["fields"])
    assert len(resources["release_versions"]["path"]) == 2 or form != "parquet"


def test_the_source_and_the_editing_are_named(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Licence, credit and the word that the records were extracted stand in the package (PDL 1.0)."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["jsonl"])
    package = described(folder)
    assert package["licenses"][0]["name"] == "PDL-1.0"
    assert package["sources"][0]["title"] == "出典：環境省ホームページ"
    assert "extracted" in package["description"]
    assert package["created"] == "2025-07-02T09:00:00Z"


def test_no_csv_cell_can_run(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What a spreadsheet would run gets an apostrophe; line breaks, quotes and lists survive."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["csv"])
    with (folder / "releases.csv").open(encoding="utf-8", newline="") as file:
        first, second = sorted(csv.DictReader(file), key=lambda row: row["release_id"])
    assert (first["title"], first["body"]) == ("'=cmd|' /C calc'!A0", "'-1+1")
    assert second["title"] == "二国間\n「クレジット」, 発行"
    assert json.loads(second["facts"]) == [FACT]
    assert second["jcm_tonnes"] == "251.5"


def test_json_lines_hold_records_and_times_in_utc(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Each line is a record with lists as lists and times in UTC, whatever the time zone of the session."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["jsonl"])
    lines = (folder / "release_versions.jsonl").read_text(encoding="utf-8").splitlines()
    last = max((json.loads(line) for line in lines), key=lambda row: (row["release_id"], row["version"]))
    assert last["facts"] == [FACT]
    assert last["valid_from"] == "2025-07-02T03:00:00.000000Z"
    assert date.fromisoformat(last["published_on"]) == date(2025, 3, 1)


def test_a_second_export_replaces_the_first(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """Exporting again leaves the new files only, and nothing unfinished beside them."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["csv"])
    (folder / "left over.csv").touch()
    export(archive, tmp_path, exported_at=NOW, formats=["csv"])
    assert not (folder / "left over.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["csv"]


def test_a_failed_export_leaves_the_old_one(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """When writing fails, the export that was there stays whole and no draft is left."""
    (folder,) = export(archive, tmp_path, exported_at=NOW, formats=["csv"])
    before = (folder / "datapackage.json").read_bytes()
    with duckdb.connect() as empty, pytest.raises(duckdb.Error):
        export(empty, tmp_path, exported_at=NOW, formats=["csv"])
    assert (folder / "datapackage.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["csv"]


def test_a_folder_with_something_else_is_not_replaced(
    archive: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """A folder that is no export of ours is refused by name, and kept."""
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "thesis.txt").touch()
    with pytest.raises(Usage, match="no export of moej"):
        export(archive, tmp_path, exported_at=NOW)
    assert (tmp_path / "csv" / "thesis.txt").exists()


@pytest.mark.usefixtures("backend")
def test_an_empty_archive_is_exported_too(tmp_path: Path) -> None:
    """Without a row there are files all the same, so that a reader finds the columns."""
    with empty_archive() as con:
        (folder,) = export(con, tmp_path, exported_at=NOW, formats=["parquet"])
        assert con.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(folder / "releases.parquet")]
        ).fetchone() == (0,)


def test_an_unknown_format_is_refused(archive: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A format we do not write is refused with those we do."""
    with pytest.raises(Usage, match="parquet, csv, jsonl"):
        export(archive, tmp_path, exported_at=NOW, formats=["xlsx"])
