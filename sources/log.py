"""The raw archive: every answer of the site as WARC files, in the order in which they arrived.

The log is the truth; the database is a view of it. `seal.py` says how the folder is laid out.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import Stop
from sources import cdxj, recover, seal
from sources.captures import Entry, Known, RunNote
from sources.cdxj import Indexed
from sources.gzipped import FileBytes, Torn, member_at, members, opened
from sources.locks import Clock, utc_now
from sources.reader import entry_of, note_of, payload_of
from sources.records import BadRecord, Record, parse
from sources.seal import SealedFile
from sources.verify import Finding, Place, verify
from sources.writer import LogWriter, NewId

MAX_BYTES = 10**9
# How our request records begin: half of all records, and a scan has no use for them.
REQUEST = b"WARC/1.1\r\nWARC-Type: request\r\n"


class Log:
    """The folder of the log; it is created when something is first written.

    `clock` dates the lines of the manifest that a recovery writes.
    """

    def __init__(self, root: Path, *, clock: Clock = utc_now) -> None:
        self.root = root
        self._clock = clock

    def sealed(self) -> tuple[SealedFile, ...]:
        """The files of the log in arrival order."""
        return seal.manifest(self.root)

    def scan(self, name: str) -> Iterator[Entry]:
        """Everything one sealed file says, in the order it was written; payloads decoded.

        Digests are not checked here, `verify` does that; `Stop` where a record is not whole.
        """
        with self._file(name) as data:
            note: RunNote | None = None
            try:
                for member in members(data):
                    if member.content.startswith(REQUEST):
                        continue
                    record = parse(member)
                    if note is None:
                        note = note_of(record)
                        yield note
                    elif (entry := entry_of(record, note, warc_file=name)) is not None:
                        yield entry
            except (Torn, BadRecord) as error:
                raise self._damaged(name, error) from None

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
        for file in self.sealed():
            yield from cdxj.read(self.root, file.name)

    def recall(self, known: Known) -> bytes | None:
        """The decoded payload that an earlier capture holds; None if the log has it no more."""
        for file in reversed(self.sealed()):
            for line in cdxj.read(self.root, file.name):
                if line.record_id == known.capture_id and line.kind != "revisit":
                    return self.payload(line.warc_file, line.offset)
        return None

    def recover(self) -> tuple[str, ...]:
        """Seal what killed runs left and mend the manifest; the names sealed now."""
        return recover.recover(self.root, clock=self._clock)

    def writer(self, note: RunNote, *, clock: Clock, new_id: NewId, max_bytes: int = MAX_BYTES) -> LogWriter:
        """The writing end for one run."""
        return LogWriter(self.root, note, clock=clock, new_id=new_id, max_bytes=max_bytes)

    def verify(self, places: Iterable[Place] = ()) -> Iterator[Finding]:
        """Everything that is wrong with the log; nothing, if it is sound.

        `places` are the captures of the archive, each of which must be found where the archive says.
        """
        return verify(self.root, places)

    @contextmanager
    def _file(self, name: str) -> Iterator[FileBytes]:
        try:
            with opened(self.root / name) as data:
                yield data
        except FileNotFoundError:
            raise Stop(
                f"{name} is missing from the log; restore it from a copy, then run `moej verify`"
            ) from None

    @staticmethod
    def _damaged(name: str, error: Exception) -> Stop:
        return Stop(f"{name} is damaged: {error}; `moej verify` lists what is wrong")
