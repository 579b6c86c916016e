"""Sealing: how a file that was being written becomes a numbered, read-only part of the log.

    YYYY/MM/<stamp>-<run>-<part>.warc.gz.open   being written; its writer holds a lock on it
    YYYY/MM/<number>-<kind>-<run>.warc.gz       sealed; the numbers are the arrival order of the log
    YYYY/MM/<number>-<kind>-<run>.cdxj          an index of it for replay programs; can be made again
    manifest.jsonl                              one line a sealed file: file, sha256, bytes, sealed_at

A file is part of the log when its line stands whole in the manifest. Each step can be cut by a kill; the
next recovery finds the state between two steps and goes on from there.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from extractors.errors import Stop
from sources.captures import RunNote
from sources.failpoints import failpoint
from sources.locks import Clock
from sources.records import format_date

MANIFEST: Final = "manifest.jsonl"
SEALED: Final = re.compile(r"(\d{6,})-[\w.-]+\.warc\.gz")
NAME: Final = re.compile(rf"\d{{4}}/\d{{2}}/{SEALED.pattern}")
READ_ONLY: Final = 0o444
UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file of the log: its name relative to the log's folder, its place in the order, its digest."""

    name: str
    sequence: int
    sha256: str
    bytes: int


@contextmanager
def sealing(root: Path) -> Iterator[None]:
    """The lock under which files of the log are made, named and entered; held for moments only."""
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "seal.lock"):
        yield


def seal(root: Path, open_file: Path, note: RunNote, *, clock: Clock) -> SealedFile:
    """Make a whole file part of the log; call it inside `sealing`."""
    failpoint("seal-begin")
    flush_file(open_file)
    open_file.chmod(READ_ONLY)
    sequence = next_sequence(root)
    label = UNFIT.sub("-", f"{note.kind}-{note.run_id}")
    final = open_file.with_name(f"{sequence:06d}-{label}.warc.gz")
    failpoint("seal-rename")
    open_file.rename(final)
    flush_folder(final.parent)
    failpoint("seal-manifest")
    return enter(root, final, clock=clock)


def enter(root: Path, file: Path, *, clock: Clock) -> SealedFile:
    """Write a sealed file's line into the manifest; call it inside `sealing`."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    name = file.relative_to(root).as_posix()
    sealed = SealedFile(name, sequence_of(name), digest, file.stat().st_size)
    line = {
        "file": name,
        "sha256": sealed.sha256,
        "bytes": sealed.bytes,
        "sealed_at": format_date(clock()),
    }
    with (root / MANIFEST).open("ab") as manifest:
        manifest.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        manifest.flush()
        failpoint("manifest-sync")
        os.fsync(manifest.fileno())
    flush_folder(root)
    failpoint("manifest-written")
    return sealed


def manifest(root: Path) -> tuple[SealedFile, ...]:
    """The files of the log in arrival order, as the manifest has them.

    A last line without its end is a torn write and not yet part of the log. `Stop` for any other line
    that cannot be read: then only `verify` should go on.
    """
    lines = _manifest_bytes(root).split(b"\n")[:-1]
    return tuple(
        sorted((_entry(line, number) for number, line in enumerate(lines, 1)), key=lambda f: f.sequence)
    )


def mend_manifest(root: Path) -> None:
    """Cut a torn last line off the manifest; call it inside `sealing`."""
    whole = _manifest_bytes(root)
    if whole and not whole.endswith(b"\n"):
        with (root / MANIFEST).open("r+b") as stream:
            stream.truncate(whole.rfind(b"\n") + 1)
            os.fsync(stream.fileno())


def sealed_names(root: Path) -> list[str]:
    """Files on disk that bear the name of a sealed one, in the order of their numbers."""
    found = [path.relative_to(root).as_posix() for path in root.glob("*/*/*.warc.gz")]
    return sorted((name for name in found if SEALED.fullmatch(Path(name).name)), key=sequence_of)


def next_sequence(root: Path) -> int:
    """The number of the next file to be sealed."""
    taken = [sequence_of(name) for name in sealed_names(root)] + [entry.sequence for entry in manifest(root)]
    return max(taken, default=0) + 1


def sequence_of(name: str) -> int:
    """The number in a sealed file's name."""
    return int(Path(name).name.partition("-")[0])


def flush_file(path: Path) -> None:
    """Have a file's bytes on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(path: Path) -> None:
    """Have a folder's names on disk: a rename is lost with the power until then."""
    flush_file(path)


def _manifest_bytes(root: Path) -> bytes:
    try:
        return (root / MANIFEST).read_bytes()
    except FileNotFoundError:
        return b""


def _entry(line: bytes, number: int) -> SealedFile:
    try:
        said = json.loads(line)
        # None, which has no parts, for a name that no sealed file bears: names become paths.
        name: Any = NAME.fullmatch(said["file"])
        return SealedFile(name[0], int(name[1]), str(said["sha256"]), int(said["bytes"]))
    except (ValueError, KeyError, TypeError):
        raise Stop(
            f"{MANIFEST} line {number} cannot be read (found {line[:60]!r}); `moej verify` says more"
        ) from None
