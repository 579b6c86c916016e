"""A private copy of a file, as cheap as the disk allows, and names that survive a power cut."""

import errno
import fcntl
import os
import shutil
from pathlib import Path
from typing import Final

from extractors.errors import Stop

# From linux/fs.h: _IOW(0x94, 9, int). Python has no name for it before 3.14.
_FICLONE: Final = 0x40049409
_UNSUPPORTED: Final = frozenset({errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS})
_CHUNK: Final = 1 << 30


def copy_file(source: Path, target: Path) -> str:
    """Copy `source` to `target` and say how: `reflink`, `copy_file_range` or `copy`.

    A full disk is a `Stop`, and no half copy is left.
    """
    try:
        with source.open("rb") as old, target.open("wb") as new:
            return (
                _reflink(old.fileno(), new.fileno())
                or _range(old.fileno(), new.fileno())
                or _plain(source, target)
            )
    except OSError as error:
        target.unlink(missing_ok=True)
        raise stop_for(error, target) from error


def _reflink(old: int, new: int) -> str | None:
    try:
        fcntl.ioctl(new, _FICLONE, old)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return None
        raise
    return "reflink"


def _range(old: int, new: int) -> str | None:
    size, done = os.fstat(old).st_size, 0
    while done < size:
        try:
            moved = os.copy_file_range(old, new, min(_CHUNK, size - done), done, done)
        except OSError as error:
            if error.errno in _UNSUPPORTED and done == 0:
                return None
            raise
        if moved == 0:
            return None
        done += moved
    return "copy_file_range"


def _plain(source: Path, target: Path) -> str:
    shutil.copyfile(source, target)
    return "copy"


def sync_file(path: Path) -> None:
    """Return only when the bytes of `path` are on the disk."""
    _sync(path, os.O_RDWR)


def sync_folder(path: Path) -> None:
    """Return only when the names in `path` are on the disk."""
    _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stop_for(error: OSError, path: Path) -> Stop:
    """The sentence for a disk that did not take what was written, or did not give what was to be read."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Stop(
            f"no space left for the new archive in {path.parent}; the old one is untouched; free some room"
        )
    # Where the system names a file that is another one than `path`, nothing is wrong with that.
    named = str(error.filename or path)
    what = f"cannot write {path.name}" if named == str(path) else named
    return Stop(f"{what}: {error.strerror or error}; the old archive is untouched")
