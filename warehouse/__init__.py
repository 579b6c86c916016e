"""The archive: a view of the log, in one DuckDB file that is replaced whole or, for a team, on a lake.

store(place, state).draft()   what a load writes to; becomes the archive when the block ends well
materialise(draft, log)       load what the log holds and the archive does not
rebuild(store, log)           load everything again
open_archive(place)           read it
"""

import warehouse.allocator  # noqa: F401 - before whatever imports pyarrow  # isort: split
from warehouse.digest import digest
from warehouse.loaded import Change, Loaded
from warehouse.materialise import materialise, rebuild
from warehouse.reader import Reader, open_archive
from warehouse.stores.archive import Archive, FileDraft
from warehouse.stores.draft import Draft, Place, Store
from warehouse.stores.lake import Lake
from warehouse.stores.store import store

__all__ = [
    "Archive",
    "Change",
    "Draft",
    "FileDraft",
    "Lake",
    "Loaded",
    "Place",
    "Reader",
    "Store",
    "digest",
    "materialise",
    "open_archive",
    "rebuild",
    "store",
]
