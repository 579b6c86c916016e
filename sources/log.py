"""The raw archive: every answer of the site as WARC files, in the order in which they arrived.

The log is the truth; the database is a view of it. `seal.py` says how the folder is laid out.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from filelock import FileLock

from extractors.errors import Stop
from sources import cdxj, recover, seal
from sources.captures import Entry, Known, RunNote
from sources.cdxj import Indexed
from sources.failpoints import failpoint
from sources.gzipped import MAGIC, Sliced, Torn, member_at, members, opened
from sources.locks import Clock, utc_now
from sources.reader import entry_of, note_of, payload_of
from sources.records import BadRecord, Record, parse
from sources.remote import Remote
from sources.seal import SealedFile
from sources.store import Folder, Store
from sources.verify import Finding, Place, verify
from sources.writer import LogWriter, NewId

MAX_BYTES = 10**9
# How our request records begin: half of all records, and a scan has no use for them.
REQUEST = b"WARC/1.1\r\nWARC-Type: request\r\n"


class Log:
    """The folder of the log; it is created when something is first written.

    `clock` dates the lines of the manifest that a recovery writes. With `url`, a place that fsspec reaches,
    files go there as soon as they are sealed, and what lies there is the log; the folder holds what is being
    written, and what still waits to be sent.
    """

    def __init__(self, root: Path, *, url: str | None = None, clock: Clock = utc_now) -> None:
        self.root, self.url = root, url
        self._clock = clock
        self._bytes: dict[str, int] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """To another process goes where it lies; who only reads needs no clock."""
        return partial(Log, self.root, url=self.url), ()

    @property
    def store(self) -> Store:
        """Where the sealed files lie."""
        return Folder(self.root) if self.url is None else Remote.at(self.url, self.root)

    def sealed(self) -> tuple[SealedFile, ...]:
        """The files of the log in arrival order."""
        files = self.store.sealed()
        self._bytes = {file.name: file.bytes for file in files}
        return files

    def scan(
        self, name: str, *, begin: int = 0, end: int | None = None, size: int | None = None
    ) -> Iterator[Entry]:
        """Everything one sealed file says, in the order it was written; payloads decoded.

        With `begin` and `end` only the records from that offset to before that one, which must be a record's;
        the run's note stands at the beginning of the file. `size` is that of the file, for who has not asked
        this log for its files. Digests are not checked here, `verify` does that; `Stop` where a record is
        not whole, or the file not of its size.
        """
        with self._file(name) as data:
            self._check_size(name, data, size)
            try:
                note = note_of(parse(member_at(data, 0)))
                if not begin:
                    yield note
                for member in members(data, begin):
                    if end is not None and member.offset >= end:
                        return
                    if member.content.startswith(REQUEST):
                        continue
                    if (entry := entry_of(parse(member), note, warc_file=name)) is not None:
                        yield entry
            except (Torn, BadRecord) as error:
                raise self._damaged(name, error) from None

    def cuts(self, name: str, *, every: int) -> tuple[int, ...]:
        """Offsets in a sealed file at which records begin, `every` captures apart; 0 is the first."""
        found = cdxj.offsets(self.store.index(name))[every::every]
        if self.url is None:
            # The index is no part of the log: a wrong one must not keep what the file holds from being read.
            with self._file(name) as data:
                self._check_size(name, data)
                found = [offset for offset in found if data[offset : offset + len(MAGIC)] == MAGIC]
        return (0, *found)

    def payload(self, warc_file: str, offset: int) -> bytes:
        """The decoded payload of the capture at a place; `Stop` if no record with a payload lies there."""
        record = self.record(warc_file, offset)
        payload, _ = payload_of(record)
        if payload is None:
            raise Stop(f"{warc_file} at byte {offset}: a {record.kind} record holds no payload of its own")
        return payload

    def record(self, warc_file: str, offset: int) -> Record:
        """The WARC record at a place."""
        with self._file(warc_file) as data:
            try:
                return parse(member_at(data, offset))
            except (Torn, BadRecord) as error:
                raise self._damaged(warc_file, error) from None

    def index(self) -> Iterator[Indexed]:
        """All captures of the log in arrival order, from the indexes beside the files."""
        store = self.store
        for file in store.sealed():
            yield from cdxj.read(store.index(file.name), file.name)

    def recall(self, known: Known) -> bytes | None:
        """The decoded payload that an earlier capture holds; None if the log has it no more."""
        store = self.store
        for file in reversed(store.sealed()):
            for line in cdxj.read(store.index(file.name), file.name):
                if line.record_id == known.capture_id and line.kind != "revisit":
                    return self.payload(line.warc_file, line.offset)
        return None

    def recover(self) -> tuple[str, ...]:
        """Seal what killed runs left, mend the manifest and send what waits; the names sealed now."""
        names = recover.recover(self.root, clock=self._clock)
        self.send()
        return names

    def waiting(self) -> tuple[str, ...]:
        """Files that are sealed here and not yet where the log lies."""
        return () if self.url is None else tuple(seal.sealed_names(self.root))

    def send(self) -> None:
        """Bring sealed files to where the log lies, and remove them here once they stand in its manifest."""
        if self.url is None or not self.waiting():
            return
        remote = Remote.at(self.url, self.root)
        # Two processes must not enter one file twice; the second finds nothing left to do.
        with FileLock(self.root / "send.lock"):
            # Under the lock of sealing: what its writer is still indexing must not be taken away from it.
            with seal.sealing(self.root):
                ready = {file.name: file for file in seal.manifest(self.root)}
                names = [name for name in self.waiting() if name in ready]
            for name in names:
                remote.put(self.root / name, ready[name], at=self._clock())
                failpoint("sent")
                (self.root / name).unlink()

    def writer(self, note: RunNote, *, clock: Clock, new_id: NewId, max_bytes: int = MAX_BYTES) -> LogWriter:
        """The writing end for one run."""
        return LogWriter(
            self.root, note, clock=clock, new_id=new_id, max_bytes=max_bytes, on_sealed=self.send
        )

    def verify(self, places: Iterable[Place] = ()) -> Iterator[Finding]:
        """Everything that is wrong with the log; nothing, if it is sound.

        `places` are the captures of the archive, each of which must be found where the archive says.
        """
        for name in self.waiting():
            yield Finding(name, None, "waiting", f"not yet sent to {self.url}; the next run sends it")
        yield from verify(self.store, places)

    @contextmanager
    def _file(self, name: str) -> Iterator[Sliced]:
        """The bytes of a file; one that is being written, or waits to be sent, lies here."""
        try:
            with self._opened(name) as data:
                yield data
        except FileNotFoundError:
            raise Stop(
                f"{name} is missing from the log; restore it from a copy, then run `moej verify`"
            ) from None
        except OSError as error:
            # Said here: whoever writes an archive of it would take it for an error of what it writes.
            raise Stop(
                f"{name} cannot be read: {error.strerror or error}; look at the disk and at who may read it, "
                "then run `moej verify`"
            ) from None

    @contextmanager
    def _opened(self, name: str) -> Iterator[Sliced]:
        with ExitStack() as stack:
            try:
                data: Sliced = stack.enter_context(opened(self.root / name))
            except FileNotFoundError:
                data = stack.enter_context(self.store.opened(name))
            yield data

    def _check_size(self, name: str, data: Sliced, size: int | None = None) -> None:
        """`Stop` for a file that lost its end: cut between two records it would read as if it were whole."""
        if (said := self._bytes.get(name, len(data)) if size is None else size) != len(data):
            raise Stop(
                f"{name} is damaged: it has {len(data)} bytes, the manifest says {said}; restore it from a "
                "copy, then run `moej verify`"
            )

    @staticmethod
    def _damaged(name: str, error: Exception) -> Stop:
        return Stop(f"{name} is damaged: {error}; `moej verify` lists what is wrong")
