"""The writing end of the log: every answer is on disk, synced, before anybody may read it."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

from extractors.errors import MoejError, Stop
from sources import cdxj, warcfile
from sources.captures import Entry, Failure, Held, Known, RunNote
from sources.exchange import Exchange
from sources.failpoints import failpoint
from sources.jsontext import compact
from sources.locks import Clock
from sources.payload import digest_of
from sources.reader import FAILURE, RUN_END, entry_of
from sources.records import Record, format_date
from sources.seal import UNFIT, flush_folder, seal, sealing
from sources.warcfile import Packed

NewId = Callable[[], str]
FIRST_OF = "%Y/%m"
STAMP = "%Y%m%dT%H%M%SZ"


class LogWriter:
    """One run's place in the log; a context manager that seals on leaving.

    Leaving by an error is a failed run: its end record says so and what was written stays. `requests` and
    `bytes_received` count what went over the wire. A file that has grown over `max_bytes` is sealed and a
    next one begun. `on_sealed` is called after each sealing.
    """

    def __init__(  # noqa: PLR0913 - what the log gives it
        self,
        root: Path,
        note: RunNote,
        *,
        clock: Clock,
        new_id: NewId,
        max_bytes: int,
        on_sealed: Callable[[], None] = lambda: None,
    ) -> None:
        self.note = note
        self.requests = 0
        self.bytes_received = 0
        self.sealed: list[str] = []
        self._root, self._clock, self._new_id, self._max_bytes = root, clock, new_id, max_bytes
        self._on_sealed = on_sealed
        self._part = 0
        self._begin_part()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            said = str(error) if isinstance(error, MoejError) else f"{type(error).__name__}: {error}"
            self.close("failed", said)

    def exchange(self, exchange: Exchange, known: Known | None = None) -> Held:
        """Archive one answer and its request, then give the capture back.

        With `known`, a 304 or the very bytes it names become a revisit that refers to them.
        """
        self.requests += 1
        self.bytes_received += len(exchange.body)
        self._make_room()
        record_id, info = self._new_id(), self._info
        if known is not None and _repeats(exchange, known):
            answer = warcfile.revisit(exchange, known, record_id, info=info)
        else:
            answer = warcfile.response(exchange, record_id, info=info)
        request = warcfile.request(exchange, self._new_id(), answer_id=record_id, info=info)
        return self._held(answer, request)

    def saved(  # noqa: PLR0913 - what is known of a page that somebody saved
        self,
        kind: str,
        *,
        url: str,
        at: datetime,
        body: bytes,
        head: bytes | None = None,
        media_type: str | None = None,
        extra: warcfile.Fields | None = None,
    ) -> Held:
        """Archive a page from elsewhere, of time `at`; `kind` is its WARC-Type."""
        self._make_room()
        fields = warcfile.base_fields(self._new_id(), at, url=url, info=self._info)
        if kind != "revisit":
            fields.append(("WARC-Payload-Digest", digest_of(body)))
        packed = warcfile.pack(kind, fields + (extra or []), head=head, body=body, media_type=media_type)
        return self._held(packed)

    def failure(self, page: str, reason: str, detail: str) -> Failure:
        """Archive that a page gave no answer, or was not asked, and why."""
        at = self._clock()
        said: dict[str, object] = {"kind": FAILURE, "page": page, "reason": reason, "detail": detail}
        self._metadata(said, at)
        return Failure(self.note.run_id, page, at, reason, detail)

    def close(self, status: str = "done", error: str | None = None) -> RunNote:
        """Write the end of the run and seal; the note with its end. A second call changes nothing."""
        if self.note.finished_at is not None:
            return self.note
        note = replace(
            self.note,
            finished_at=self._clock(),
            status=status,
            error=error,
            requests=self.requests,
            bytes_received=self.bytes_received,
        )
        try:
            self._end(note)
            self.note = note
            self._seal_part()
        finally:
            # Whatever failed: without the lock the next recovery can seal what is whole.
            self._release()
        return note

    def _end(self, note: RunNote) -> None:
        at = note.finished_at or note.started_at
        said: dict[str, object] = {
            "kind": RUN_END,
            "finished_at": format_date(at),
            "status": note.status,
            "error": note.error,
            "requests": note.requests,
            "bytes_received": note.bytes_received,
        }
        self._metadata(said, at)

    def _held(self, answer: Packed, *others: Packed) -> Held:
        """Write a group and read the answer back from what was written."""
        offset = self._append(answer, *others)
        record = Record(answer.fields, answer.block, offset, len(answer.member))
        entry: Entry | None = entry_of(record, self.note, warc_file=self._name)
        if not isinstance(entry, Held):
            raise TypeError(f"a {record.kind} record is no capture")
        return entry

    def _make_room(self) -> None:
        """Begin a next file if this one is full; before a group is built, which names its file's warcinfo."""
        if self._size > max(self._first_size, self._max_bytes):
            self._seal_part()
            self._begin_part()

    def _metadata(self, said: dict[str, object], at: datetime) -> None:
        fields = warcfile.base_fields(self._new_id(), at, info=self._info)
        self._append(warcfile.pack("metadata", fields, body=compact(said), media_type="application/json"))

    def _append(self, *group: Packed) -> int:
        """Write records as one, have them on disk, and say where the first one lies."""
        content = b"".join(packed.member for packed in group)
        offset = self._size
        try:
            failpoint("append-write")
            _write_all(self._descriptor, content)
            failpoint("append-sync")
            os.fsync(self._descriptor)
        except BaseException as error:
            # Half a record in the middle of a file would end every later reading of it there.
            os.ftruncate(self._descriptor, offset)
            if isinstance(error, OSError):
                raise Stop(
                    f"the log {self._path} cannot be written: {error.strerror}; free space, then run again"
                ) from error
            raise
        failpoint("append-done")
        self._size += len(content)
        return offset

    def _begin_part(self) -> None:
        self._part += 1
        moment = self._clock().astimezone(UTC)
        folder = self._root / self.note.started_at.astimezone(UTC).strftime(FIRST_OF)
        run = UNFIT.sub("-", self.note.run_id)
        path = folder / f"{moment.strftime(STAMP)}-{run}-{self._part:04d}.warc.gz.open"
        # Under the lock of sealing: a recovery in another process must not find the file before its
        # writer has locked it, or it would take it for a dead run's.
        with sealing(self._root):
            folder.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        flush_folder(folder)
        failpoint("part-created")
        self._path = path
        self._name = path.relative_to(self._root).as_posix()
        self._size = self._first_size = 0
        self._info = self._new_id()
        self._append(warcfile.warcinfo(self.note, self._info, moment, part=self._part))
        self._first_size = self._size

    def _release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _seal_part(self) -> None:
        with sealing(self._root):
            sealed = seal(self._root, self._path, self.note, clock=self._clock)
            failpoint("seal-index")
            cdxj.ensure(self._root, sealed.name)
        self._release()
        self.sealed.append(sealed.name)
        self._on_sealed()


def _repeats(exchange: Exchange, known: Known) -> bool:
    if exchange.status == HTTPStatus.NOT_MODIFIED:
        return True
    whole = exchange.status == HTTPStatus.OK and exchange.truncated is None
    return whole and digest_of(exchange.body) == known.digest


def _write_all(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
