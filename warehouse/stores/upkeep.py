"""After a load into a lake: few large files instead of many small ones, and none that nobody reads any more.

Every load adds a Parquet file for each table it touches. Merging costs the rewriting of what is merged, so
it waits until there are many. Old states stay for a week: a reader keeps the state it began with.
"""

from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.stores.lake import ALIAS

MANY: Final = 200
"""Live files, deletions included, from which on they are merged: about ten a load."""
KEPT: Final = "7 days"
_FILES: Final = "SELECT sum(file_count + delete_file_count) FROM ducklake_table_info(?)"
_MERGE: Final = (
    f"CALL ducklake_rewrite_data_files('{ALIAS}', delete_threshold => 0.1)",
    f"CALL ducklake_merge_adjacent_files('{ALIAS}')",
    f"CALL ducklake_expire_snapshots('{ALIAS}', older_than => now() - INTERVAL '{KEPT}')",
    f"CALL ducklake_cleanup_old_files('{ALIAS}', older_than => now() - INTERVAL '{KEPT}')",
)


def upkeep(db: DuckDBPyConnection, *, many: int = MANY) -> bool:
    """Merge small files and drop old states if there are `many` files or more; whether it did."""
    row = db.execute(_FILES, [ALIAS]).fetchone()
    if row is None or (row[0] or 0) < many:
        return False
    for statement in _MERGE:
        db.execute(statement)
    return True
