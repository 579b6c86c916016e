"""One value over what the archive says, to tell whether two archives say the same.

It covers versions, duplicates, quarantine and ledger, whatever order the rows were written in. Left out is
what the log does not decide: alerts, deliveries, when migrations were applied.
"""

import hashlib
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.tables import one

COVERED: Final = {
    "release_versions": "*",
    "duplicates": "*",
    "quarantine": "*",
    "ledger": "* EXCLUDE (alerts)",
}
_ROWS: Final = """
SELECT coalesce(string_agg(md5(CAST(to_json(t) AS VARCHAR)), '' ORDER BY md5(CAST(to_json(t) AS VARCHAR))),
'') FROM (SELECT {columns} FROM {table}) t
"""


def parts(db: DuckDBPyConnection) -> dict[str, str]:
    """A digest of each table that is covered, in hexadecimal: says where two archives differ."""
    return {table: _digest(db, table, columns) for table, columns in COVERED.items()}


def digest(db: DuckDBPyConnection) -> str:
    """The one value, in hexadecimal: equal exactly where all parts are."""
    whole = "\n".join(f"{table} {value}" for table, value in parts(db).items())
    return hashlib.sha256(whole.encode()).hexdigest()


def _digest(db: DuckDBPyConnection, table: str, columns: str) -> str:
    text = one(db, _ROWS.format(table=table, columns=columns))
    return hashlib.sha256(str(text).encode()).hexdigest()
