"""What a killed run left behind becomes part of the log: whole records are kept, a torn tail is cut."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from sources import cdxj
from sources.captures import RunNote
from sources.failpoints import failpoint
from sources.gzipped import Torn, members, opened
from sources.locks import Clock
from sources.reader import note_of
from sources.records import BadRecord, parse
from sources.seal import enter, flush_folder, manifest, mend_manifest, seal, sealed_names, sealing


def recover(root: Path, *, clock: Clock) -> tuple[str, ...]:
    """Bring the folder of the log into a sound state and return the names that were sealed now.

    An `.open` file whose lock is free belongs to a run that is dead. Files sealed without their line in
    the manifest are entered, in the order of their numbers, if they are whole; `verify` names the others.
    """
    if not root.is_dir():
        return ()
    with sealing(root):
        mend_manifest(root)
        entered = {file.name for file in manifest(root)}
        names = [
            enter(root, root / name, clock=clock).name
            for name in sealed_names(root)
            if name not in entered and _is_whole(root / name)
        ]
        for left in sorted(root.glob("*/*/*.warc.gz.open")):
            name = _adopt(root, left, clock)
            names += [name] if name else []
        for file in manifest(root):
            # A file that is damaged or lost is for `verify` to name: what is new must not wait for it.
            with suppress(Torn, BadRecord, FileNotFoundError):
                cdxj.ensure(root, file.name)
    return tuple(names)


def _is_whole(path: Path) -> bool:
    """Whether a sealed file that is not entered may be: half a copy must not be taken for what was sealed."""
    end, note = whole_part(path)
    return note is not None and end == path.stat().st_size


def _adopt(root: Path, left: Path, clock: Clock) -> str | None:
    """Seal what is whole in a dead run's file; None if its writer lives or nothing in it is whole."""
    descriptor = os.open(left, os.O_RDWR)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        end, note = whole_part(left)
        failpoint("recover-cut")
        if note is None:
            left.unlink()
            flush_folder(left.parent)
            return None
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)
        return seal(root, left, note, clock=clock).name
    finally:
        os.close(descriptor)


def whole_part(path: Path) -> tuple[int, RunNote | None]:
    """Up to which byte a file consists of whole records, and the run its first record names."""
    note: RunNote | None = None
    end = 0
    with opened(path) as data, suppress(Torn, BadRecord):
        for member in members(data):
            record = parse(member)
            note = note or note_of(record)
            end = member.offset + member.length
    return end, note
