"""The migrations as DuckLake takes them: the same tables, views and macros, less what it cannot hold.

It has no compression by column (its files are Parquet, packed by Snappy), and no comments on macros or on
columns of views. A macro's argument left out is a number in it, not NULL.
"""

import re
from typing import Final

from duckdb import DuckDBPyConnection

_COMPRESSION: Final = re.compile(r" USING COMPRESSION \w+")
_VIEW: Final = re.compile(r"^CREATE (?:OR REPLACE )?VIEW (\w+)", re.MULTILINE)
_MACRO_COMMENT: Final = re.compile(r"^COMMENT ON MACRO .*;$", re.MULTILINE)
_EVERY: Final = str(2**63 - 1)


def is_lake(db: DuckDBPyConnection) -> bool:
    """Whether the archive of this connection is kept on DuckLake."""
    row = db.execute(
        "SELECT type FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    return row is not None and row[0] == "ducklake"


def for_lake(sql: str, *, before: str = "") -> str:
    """The statements of a migration as DuckLake takes them; `before` has those of the steps before."""
    views = "|".join(dict.fromkeys(_VIEW.findall(f"{before}\n{sql}")))
    taken = _MACRO_COMMENT.sub("", _COMPRESSION.sub("", sql)).replace(":= NULL", f":= {_EVERY}")
    if not views:
        return taken
    return re.sub(rf"^COMMENT ON COLUMN ({views})\..*;$", "", taken, flags=re.MULTILINE)
