"""After a load into a lake: few large files instead of many small ones, and none that nobody reads any more.

Every load adds a Parquet file for each table it touches. Merging costs the rewriting of what is merged, so
it waits until there are many. Old states stay for a week: a reader keeps the state it began with. What a load
wrote before it was killed is in no state at all; it goes when it is too old to be that of a load at work.
"""

from pathlib import PurePosixPath
from typing import Final

from duckdb import DuckDBPyConnection

from extractors.errors import Stop
from warehouse.stores.lake import ALIAS, Lake
from warehouse.tables import quoted

MANY: Final = 200
"""Live files, deletions included, from which on they are merged: about ten a load."""
KEPT: Final = "7 days"
LEFT: Final = "2 days"
"""Longer than any load takes, with the clocks of machines and store apart: its files are in no state yet."""
_FILES: Final = "SELECT sum(file_count + delete_file_count) FROM ducklake_table_info(?)"
_MERGE: Final = (
    f"CALL ducklake_rewrite_data_files('{ALIAS}', delete_threshold => 0.1)",
    f"CALL ducklake_merge_adjacent_files('{ALIAS}')",
    f"CALL ducklake_expire_snapshots('{ALIAS}', older_than => now() - INTERVAL '{KEPT}')",
    f"CALL ducklake_cleanup_old_files('{ALIAS}', older_than => now() - INTERVAL '{KEPT}')",
)
_ORPHANS: Final = (
    f"CALL ducklake_delete_orphaned_files('{ALIAS}', dry_run => ?, older_than => now() - INTERVAL '{LEFT}')"
)
_KNOWN: Final = ("ducklake_data_file", "ducklake_delete_file", "ducklake_files_scheduled_for_deletion")


def upkeep(db: DuckDBPyConnection, lake: Lake, *, many: int = MANY) -> bool:
    """Merge small files, drop old states and what killed loads left, if there are `many` files or more.

    Whether it did. `Stop` if what seems left over is known to the catalogue: then none of it is deleted.
    """
    row = db.execute(_FILES, [ALIAS]).fetchone()
    if row is None or (row[0] or 0) < many:
        return False
    for statement in _MERGE:
        db.execute(statement)
    _clear(db, lake)
    return True


def _clear(db: DuckDBPyConnection, lake: Lake) -> None:
    """Delete the files that no state has and no load can be writing."""
    left = [str(path) for (path,) in db.execute(_ORPHANS, [True]).fetchall()]
    if not left:
        return
    # DuckLake compares whole paths: written in another way (a link, two slashes), live files would seem left.
    known = " UNION ALL ".join(
        f"SELECT path FROM __ducklake_metadata_{ALIAS}.{quoted(lake.schema)}.{table}"  # noqa: S608 - names of ours
        for table in _KNOWN
    )
    names = {PurePosixPath(path).name for (path,) in db.execute(known).fetchall()}
    for path in left:
        if PurePosixPath(path).name in names:
            raise Stop(f"{path} is in use but seems left over, so nothing of that kind was deleted")
    db.execute(_ORPHANS, [False])
