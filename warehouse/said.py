"""What columns are called in words, from the migrations: DuckLake keeps no comments on columns of views."""

import re
from functools import cache
from typing import Final

from warehouse.migrate import migrations

_COMMENT: Final = re.compile(r"""^COMMENT ON COLUMN (\w+)\."?(\w+)"? IS '((?:[^']|'')*)';$""", re.MULTILINE)


@cache
def comments() -> dict[tuple[str, str], str]:
    """The comment of each column by table or view and column, as of the last migration that says it."""
    return {
        (table, column): said.replace("''", "'")
        for step in migrations()
        for table, column, said in _COMMENT.findall(step.sql)
    }
