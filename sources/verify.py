"""`moej verify`: every manifest line, every digest, every capture's place, and the name of what is wrong."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import Stop
from sources.cdxj import index_path, read
from sources.gzipped import Torn, members, opened
from sources.payload import digest_of
from sources.reader import PLAIN, note_of
from sources.records import BadRecord, Record, parse
from sources.seal import MANIFEST, SealedFile
from sources.store import Folder, Store

KNOWN_KINDS = frozenset({"warcinfo", "response", "request", "revisit", "metadata"}) | PLAIN
WRITABLE = 0o222


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: in which file, at which byte (None: the whole file), what, and in detail."""

    file: str
    offset: int | None
    problem: str
    detail: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the archive says a capture lies."""

    capture_id: str
    warc_file: str
    offset: int
    length: int


def verify(store: Store, places: Iterable[Place] = ()) -> Iterator[Finding]:
    """Check the whole log, file by file in arrival order; memory does not grow with its size."""
    by_file: dict[str, dict[int, Place]] = {}
    for place in places:
        by_file.setdefault(place.warc_file, {})[place.offset] = place
    try:
        files = store.sealed()
    except Stop as error:
        if not isinstance(store, Folder):
            raise
        yield Finding(MANIFEST, None, "manifest-line", str(error))
        return
    digests: set[str] = set()
    yield from _manifest_findings(store, files)
    for file in files:
        yield from _file_findings(store, file, by_file.pop(file.name, {}), digests)
    for name, left in by_file.items():
        yield Finding(
            name, None, "place", f"{len(left)} captures of the archive lie in a file that the log lacks"
        )


def _manifest_findings(store: Store, files: tuple[SealedFile, ...]) -> Iterator[Finding]:
    entered = {file.name for file in files}
    for name in store.names():
        if name not in entered:
            yield Finding(name, None, "not-in-manifest", "a sealed file without its manifest line")
    seen: set[int] = set()
    for file in files:
        if file.sequence in seen:
            yield Finding(file.name, None, "number", f"the number {file.sequence} is taken twice")
        seen.add(file.sequence)
    if missing := set(range(1, max(seen, default=0) + 1)) - seen:
        yield Finding(
            MANIFEST, None, "number", f"no file has the number {min(missing)} ({len(missing)} missing)"
        )


def _file_findings(
    store: Store, file: SealedFile, places: dict[int, Place], digests: set[str]
) -> Iterator[Finding]:
    try:
        with store.copied(file.name) as path:
            if isinstance(store, Folder) and path.stat().st_mode & WRITABLE:
                yield Finding(file.name, None, "writable", "a sealed file must be read-only")
            yield from _content_findings(path, file, places, digests)
    except FileNotFoundError:
        yield Finding(file.name, None, "missing", "the manifest names it, but it is not there")
        return
    yield from _index_findings(store, file.name)


def _content_findings(
    path: Path, file: SealedFile, places: dict[int, Place], digests: set[str]
) -> Iterator[Finding]:
    size = path.stat().st_size
    if size != file.bytes:
        yield Finding(file.name, None, "size", f"found {size} bytes, the manifest says {file.bytes}")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != file.sha256:
        yield Finding(file.name, None, "sha256", f"found {found}, the manifest says {file.sha256}")
    if size:
        yield from _record_findings(path, file.name, places, digests)


def _record_findings(path: Path, name: str, places: dict[int, Place], digests: set[str]) -> Iterator[Finding]:
    with opened(path) as data:
        try:
            first = True
            for member in members(data):
                record = parse(member)
                if first:
                    note_of(record)
                    first = False
                place = places.pop(record.offset, None)
                for problem, detail in _problems(record, place, digests):
                    yield Finding(name, record.offset, problem, detail)
        except Torn as error:
            yield Finding(name, error.offset, "torn", str(error))
        except BadRecord as error:
            yield Finding(name, None, "record", str(error))
    for offset, place in places.items():
        yield Finding(
            name, offset, "place", f"the archive has capture {place.capture_id} where no record begins"
        )


def _problems(record: Record, place: Place | None, digests: set[str]) -> Iterator[tuple[str, str]]:
    if record.kind not in KNOWN_KINDS:
        yield "record", f"unknown WARC-Type {record.kind!r}"
    stated = record.fields.get("warc-block-digest")
    if stated != (found := digest_of(record.block)):
        yield "block-digest", f"found {found}, the record says {stated}"
    yield from _payload_problems(record, digests)
    if place is not None and (place.capture_id, place.length) != (record.record_id, record.length):
        yield "place", f"the archive has capture {place.capture_id}, the log has {record.record_id}"


def _payload_problems(record: Record, digests: set[str]) -> Iterator[tuple[str, str]]:
    stated = record.fields.get("warc-payload-digest", "")
    if record.kind == "revisit":
        if stated not in digests:
            yield "revisit", f"no record before it holds the payload {stated}"
    elif record.kind == "response" or record.kind in PLAIN:
        found = digest_of(record.http()[1] if record.kind == "response" else record.block)
        if stated != found:
            yield "payload-digest", f"found {found}, the record says {stated}"
        digests.add(found)


def _index_findings(store: Store, name: str) -> Iterator[Finding]:
    """The index may be missing (it is made again), but must not be wrong."""
    if isinstance(store, Folder) and not index_path(store.root, name).exists():
        return
    try:
        for _ in read(store.index(name), name):
            pass
    except (ValueError, KeyError, IndexError, json.JSONDecodeError) as error:
        yield Finding(index_path(Path(), name).as_posix(), None, "index", f"cannot be read: {error}")
