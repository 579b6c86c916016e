"""The archive: one DuckDB file that is a view of the log, replaced whole.

Archive(path).draft()   a private copy to write to, which becomes the archive when the block ends well
materialise(draft, log) load what the log holds and the archive does not
rebuild(archive, log)   load everything again
open_archive(path)      read it
"""

from warehouse.archive import Archive, Draft
from warehouse.digest import digest
from warehouse.loaded import Change, Loaded
from warehouse.materialise import materialise, rebuild
from warehouse.reader import Reader, open_archive

__all__ = [
    "Archive",
    "Change",
    "Draft",
    "Loaded",
    "Reader",
    "digest",
    "materialise",
    "open_archive",
    "rebuild",
]
