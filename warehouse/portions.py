"""Sealed files cut into portions that memory holds, each sent to the readers one ahead of being written.

While the readers have one portion, the one before it is written: neither waits for the other. A portion may
hold many small files, or part of a large one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sources.captures import Entry, Failure, Held, RunNote
from warehouse.readings import Readable, ReadAll, Reading, Sealed, Work

PAGES: Final = 512
BYTES: Final = 32 << 20
_MANY: Final = 16 * PAGES
"""Captures without bytes, of which a day has thousands, weigh little; each portion costs some statements."""
_LONGEST: Final = 2 * _MANY
_READ: Final = frozenset({"release", "listing"})


@dataclass(slots=True)
class Portion:
    """What was found on the way: captures with the number of their file, notes, failures.

    `pages` counts captures with bytes. `files` are those that end in this portion, which brings the load to
    `reached` bytes. `readings` are what came of its payloads; asked for, they may still be on their way.
    """

    held: list[tuple[Held, int]] = field(default_factory=list)
    notes: dict[str, RunNote] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    files: list[Sealed] = field(default_factory=list)
    readings: Iterable[Reading] = ()
    pages: int = 0
    size: int = 0
    reached: int = 0

    def take(self, entry: Entry, sequence: int) -> None:
        """Put an entry where it belongs."""
        match entry:
            case RunNote():
                self._note(entry)
            case Failure():
                self.failures.append(entry)
            case Held():
                self.held.append((entry, sequence))
                self.pages += entry.payload is not None
                self.size += len(entry.payload or b"")

    @property
    def full(self) -> bool:
        """Whether the portion is to be written now.

        Not behind a redirect: where a chain of them leads is told from the portion alone.
        """
        if self.pages < PAGES and self.size < BYTES and len(self.held) < _MANY:
            return False
        return len(self.held) >= _LONGEST or self.held[-1][0].capture.location is None

    def _note(self, note: RunNote) -> None:
        """A note with an end says all that one without says."""
        known = self.notes.get(note.run_id)
        if known is None or known.finished_at is None:
            self.notes[note.run_id] = note


def portions(files: Iterable[Sealed], log: Readable, read: ReadAll) -> Iterator[Portion]:
    """All that these files hold, in order; the readers have the next portion when one is given out."""
    before: Portion | None = None
    for portion in _cut(files, log):
        works = [work for held, _ in portion.held if (work := work_of(held)) is not None]
        portion.readings = read(works)
        if before is not None:
            yield before
        before = portion
    if before is not None:
        yield before


def _cut(files: Iterable[Sealed], log: Readable) -> Iterator[Portion]:
    portion, begun = Portion(), 0
    for file in files:
        for entry in log.scan(file.name):
            if portion.full:
                yield portion
                portion = Portion(reached=portion.reached)
            portion.take(entry, file.sequence)
            if isinstance(entry, Held):
                portion.reached = begun + entry.capture.warc_offset + entry.capture.warc_length
        begun += file.bytes
        portion.files.append(file)
        portion.reached = begun
    yield portion


def work_of(held: Held) -> Work | None:
    """What there is to read in a capture; None where its bytes are no page, or were read before."""
    capture = held.capture
    if held.payload is None or capture.verdict != "good" or capture.family not in _READ:
        return None
    return Work(
        capture.capture_id,
        capture.page,
        capture.family,
        capture.fetched_at,
        capture.media_type,
        capture.charset,
        held.payload,
    )
