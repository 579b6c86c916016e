"""What the machine refuses, said in one line like our own errors: a full disk, a folder we may not write."""

import errno
import sqlite3
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

FULL: Final = "free some room and call it again; what is in the raw archive stays"
RIGHTS: Final = "give this user the right to it, or name another place"
PLACE: Final = "name a place that is there and can be written to"
ADVICE: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.ENOSPC: FULL,
        errno.EDQUOT: FULL,
        errno.EACCES: RIGHTS,
        errno.EPERM: RIGHTS,
        errno.EROFS: RIGHTS,
        errno.ENOENT: PLACE,
        errno.ENOTDIR: PLACE,
        errno.EISDIR: PLACE,
        errno.EEXIST: PLACE,
    }
)
DEFAULT: Final = "look at the disk and at who may write there, then call it again"


def is_ctrl_c(error: Exception) -> bool:
    """Whether somebody pressed Ctrl-C: while a query runs, DuckDB says it in its own way."""
    return type(error) is RuntimeError and str(error) == "Query interrupted"


def in_words(error: Exception) -> str | None:
    """What and where and what to do, if the machine is the cause; None for what must be a mistake of ours.

    A mistake of ours keeps its traceback: without it nobody could mend it.
    """
    if isinstance(error, OSError):
        # Files that are renamed or linked carry two names; the second is where it was to go.
        where = error.filename2 or error.filename
        said = error.strerror or str(error)
        return f"{f'{where}: ' if where else ''}{said}; {ADVICE.get(error.errno or 0, DEFAULT)}"
    # Of its kinds only these two are the file's; the others are mistakes in what it was asked.
    if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
        return f"state.sqlite in the folder of --data: {error}; {DEFAULT}"
    if isinstance(error, _of_duckdb()):
        return f"the archive: {error}; {DEFAULT}"
    return None


def _of_duckdb() -> tuple[type[Any], ...]:
    """The errors that DuckDB blames on disk and memory; none where the command did not load it."""
    duckdb = sys.modules.get("duckdb")
    return () if duckdb is None else (duckdb.IOException, duckdb.OutOfMemoryException)
