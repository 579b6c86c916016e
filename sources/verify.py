"""`moej verify`: every manifest line, every digest, every capture's place, and the name of what is wrong."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import Stop
from sources.cdxj import index_path, line
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


@dataclass(slots=True)
class Lines:
    """The lines of an index as one number, whatever their order; `whole` if all of its file could be read."""

    total: int = 0
    whole: bool = True

    def add(self, line: str) -> None:
        """One more; the same line twice is not the same as once."""
        self.total += int.from_bytes(hashlib.sha256(line.encode("utf-8")).digest(), "big")


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
    lines = Lines()
    try:
        with store.copied(file.name) as path:
            if isinstance(store, Folder) and path.stat().st_mode & WRITABLE:
                yield Finding(file.name, None, "writable", "a sealed file must be read-only")
            yield from _content_findings(path, file, places, digests, lines)
        yield from _index_findings(store, file.name, lines)
    except FileNotFoundError:
        yield Finding(file.name, None, "missing", "the manifest names it, but it is not there")
    except OSError as error:
        # A sector of the disk that cannot be read must not keep the rest from being checked.
        yield Finding(file.name, None, "unreadable", error.strerror or str(error))


def _content_findings(
    path: Path, file: SealedFile, places: dict[int, Place], digests: set[str], lines: Lines
) -> Iterator[Finding]:
    size = path.stat().st_size
    if size != file.bytes:
        lines.whole = False
        yield Finding(file.name, None, "size", f"found {size} bytes, the manifest says {file.bytes}")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != file.sha256:
        yield Finding(file.name, None, "sha256", f"found {found}, the manifest says {file.sha256}")
    yield from _record_findings(path, file.name, places, digests, lines)


def _record_findings(
    path: Path, name: str, places: dict[int, Place], digests: set[str], lines: Lines
) -> Iterator[Finding]:
    with opened(path) as data:
        try:
            first = True
            for member in members(data):
                record = parse(member)
                if first:
                    note_of(record)
                    first = False
                if (said := line(record, path.name)) is not None:
                    lines.add(said)
                place = places.pop(record.offset, None)
                for problem, detail in _problems(record, place, digests):
                    yield Finding(name, record.offset, problem, detail)
        except Torn as error:
            lines.whole = False
            yield Finding(name, error.offset, "torn", str(error))
        except BadRecord as error:
            lines.whole = False
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


def _index_findings(store: Store, name: str, lines: Lines) -> Iterator[Finding]:
    """The index may be missing (it is made again), but must not be wrong: replay and imports go by it."""
    if not lines.whole or (isinstance(store, Folder) and not index_path(store.root, name).exists()):
        return
    found, before, is_sorted = Lines(), "", True
    with store.index(name).open(encoding="utf-8", errors="replace", newline="\n") as index:
        for said in index:
            found.add(said)
            before, is_sorted = said, is_sorted and before <= said
    if found != lines or not is_sorted:
        what = "it does not say what lies in its file; remove it, and the next run makes it again"
        yield Finding(index_path(Path(), name).as_posix(), None, "index", what)
