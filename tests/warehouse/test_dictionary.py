import duckdb
import pytest

from tests.warehouse.backends import FILES
from warehouse.columns import FILLABLE, PLACED, READ
from warehouse.dictionary import PLACE, dictionary
from warehouse.tables import fetch


@pytest.mark.file_only("DuckLake keeps no comments on macros and on columns of views")
def test_every_table_view_macro_and_column_says_what_it_is(shared_archive: duckdb.DuckDBPyConnection) -> None:
    """A column without a comment is a question an analyst has to ask us."""
    for what, condition in (
        ("duckdb_columns()", "NOT internal"),
        ("duckdb_tables()", "NOT internal AND NOT temporary"),
        ("duckdb_views()", "NOT internal AND NOT temporary"),
        ("duckdb_functions()", "NOT internal AND function_type = 'table_macro'"),
    ):
        silent = f"SELECT * FROM {what} WHERE {condition} AND coalesce(comment, '') = ''"  # noqa: S608
        assert fetch(shared_archive, silent) == []


def test_the_dictionary_is_what_the_comments_say() -> None:
    """After a migration: `python -m warehouse.dictionary`."""
    db = FILES.empty()
    assert PLACE.read_text(encoding="utf-8") == dictionary(db)
    db.close()


def test_nothing_is_used_that_ducklake_lacks(shared_archive: duckdb.DuckDBPyConnection) -> None:
    """No keys, no indexes, no sequences, no enumerations."""
    assert fetch(shared_archive, "SELECT * FROM duckdb_constraints()") == []
    assert fetch(shared_archive, "SELECT * FROM duckdb_indexes()") == []
    assert fetch(shared_archive, "SELECT * FROM duckdb_sequences()") == []
    assert (
        fetch(shared_archive, "SELECT * FROM duckdb_types() WHERE logical_type = 'ENUM' AND NOT internal")
        == []
    )


def test_the_loader_knows_the_columns_of_the_contract(shared_archive: duckdb.DuckDBPyConnection) -> None:
    """What is read and what is placed make up every column, and `releases` has all but the interval."""
    columns = "SELECT column_name FROM duckdb_columns() WHERE table_name = ?"
    versions = {row["column_name"] for row in fetch(shared_archive, columns, ["release_versions"])}
    assert versions == {"release_id", "extractor_version", *READ, *PLACED}
    releases = {row["column_name"] for row in fetch(shared_archive, columns, ["releases"])}
    assert releases == versions - {"valid_from", "valid_to", "change"}


def test_the_watched_fields_are_those_of_the_view(shared_archive: duckdb.DuckDBPyConnection) -> None:
    """The view names them itself, so that it needs no program."""
    view = fetch(shared_archive, "SELECT sql FROM duckdb_views() WHERE view_name = 'fill_shares'")[0]["sql"]
    assert [name for name in FILLABLE if f"'{name}'" not in view] == []
