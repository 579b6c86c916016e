"""The cookbook's queries run as they stand, and answer what they ask."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.backends import Backend
from tests.warehouse.cookbook_archive import fill
from tests.warehouse.rows import empty_archive

BOOK = (Path(__file__).parents[2] / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^## (\d+)\. (.+?)\n\n```sql\n(.+?)```", BOOK, re.MULTILINE | re.DOTALL)
ANSWERS = json.loads((Path(__file__).parent / "cookbook_answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def archive(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """The small archive of the cookbook; no extension may be loaded on the way."""
    with empty_archive(backend) as con:
        con.execute("SET TimeZone = 'Asia/Tokyo'")
        fill(con)
        con.execute("SET autoload_known_extensions = false")
        con.execute("SET autoinstall_known_extensions = false")
        yield con


def test_the_cookbook_has_fifteen_questions_in_order() -> None:
    """Fifteen questions are asked, numbered from 1, each followed by its query."""
    assert [int(number) for number, _, _ in RECIPES] == list(range(1, 16))
    assert BOOK.count("```sql") == 15


@pytest.mark.parametrize("recipe", RECIPES, ids=[number for number, _, _ in RECIPES])
def test_a_recipe_gives_its_answer(archive: duckdb.DuckDBPyConnection, recipe: tuple[str, str, str]) -> None:
    """The query gives the rows that are right for the small archive."""
    number, question, sql = recipe
    cursor = archive.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    rows = [[str(value) for value in row] for row in cursor.fetchall()]
    assert rows, question
    assert {"columns": names, "rows": rows} == ANSWERS[number]
