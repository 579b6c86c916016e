"""Parts of the log that any machine can read by itself, for a rebuild that is spread over workers.

Reading a slice depends on nothing but the log and the extractor: workers share no memory, no disk and no
order, and a slice that is lost with its worker is simply read again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, runtime_checkable

from sources.captures import Entry, Held
from warehouse.crew import Spread
from warehouse.portions import Portion, work_of
from warehouse.readings import Readable, Reading, ReadListing, ReadPage, Sealed, read_one

PAGES: Final = 128
"""Captures a slice: so much reading that what it costs to send one does not show."""


@runtime_checkable
class Sliceable(Readable, Protocol):
    """What cutting needs of the log beyond what a load needs: `sources.Log` has it."""

    def cuts(self, name: str, *, every: int) -> Sequence[int]:
        """Offsets in a file, each where a record begins, `every` captures apart; 0 is the first."""

    def scan(
        self, name: str, *, begin: int = 0, end: int | None = None, size: int | None = None
    ) -> Iterator[Entry]:
        """What lies in a file of that size from a record's offset up to another's."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The records of a file from `begin` to before `end`, in bytes; None is the end of the file.

    `size` is what the manifest says of the whole file: who reads a slice elsewhere has not read that.
    """

    name: str
    begin: int = 0
    end: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Slab:
    """What a slice holds: its entries without their payloads, and what those were read as."""

    entries: tuple[Entry, ...]
    readings: tuple[Reading, ...]


ReadSlices = Callable[[Iterable[Slice]], Iterable[Slab]]
"""Reads slices wherever it likes, and gives what they hold in the order in which they were asked for."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who works for a load elsewhere: on `log`, which they reach themselves, and on what is sent to them."""

    log: Sliceable
    read: ReadSlices
    spread: Spread

    def portions(self, files: Sequence[Sealed]) -> Iterator[Portion]:
        """All that these files hold, in order, read by the workers."""
        return portions_of(files, log=self.log, read=self.read)


def portions_by(
    spread: Spread, files: Sequence[Sealed], log: Sliceable, *, read: ReadPage, read_listing: ReadListing
) -> Iterator[Portion]:
    """All that these files hold, in order, read by processes that reach the log themselves."""
    job = partial(read_slice, log, read=read, read_listing=read_listing)
    return portions_of(files, log=log, read=partial(spread, job))


def slices_of(log: Sliceable, file: Sealed, *, pages: int = PAGES) -> Iterator[Slice]:
    """A file cut into slices, in order."""
    cuts = log.cuts(file.name, every=pages)
    for begin, end in zip(cuts, (*cuts[1:], None), strict=True):
        yield Slice(file.name, begin, end, file.bytes)


def read_slice(log: Sliceable, part: Slice, *, read: ReadPage, read_listing: ReadListing) -> Slab:
    """Read a slice; nothing but its bytes and the readers decides what comes out."""
    entries: list[Entry] = []
    readings: list[Reading] = []
    for entry in log.scan(part.name, begin=part.begin, end=part.end, size=part.size):
        if isinstance(entry, Held):
            if (work := work_of(entry)) is not None:
                readings.append(read_one(work, read=read, read_listing=read_listing))
            entries.append(Held(entry.capture, None))
        else:
            entries.append(entry)
    return Slab(tuple(entries), tuple(readings))


def portions_of(files: Sequence[Sealed], *, log: Sliceable, read: ReadSlices) -> Iterator[Portion]:
    """All that these files hold, in order, their slices read by `read`."""
    cut = [(file, part) for file in files for part in slices_of(log, file)]
    slabs = read([part for _, part in cut])
    portion, readings, begun = Portion(), list[Reading](), 0
    for (file, part), slab in zip(cut, slabs, strict=True):
        found = {one.capture_id: one for one in slab.readings}
        for entry in slab.entries:
            if portion.full:
                portion.readings = readings
                yield portion
                portion, readings = Portion(reached=portion.reached), []
            portion.take(entry, file.sequence)
            if isinstance(entry, Held):
                capture = entry.capture
                portion.reached = begun + capture.warc_offset + capture.warc_length
                if capture.capture_id in found:
                    readings.append(found[capture.capture_id])
                    portion.pages += 1
        if part.end is None:
            begun += file.bytes
            portion.files.append(file)
            portion.reached = begun
    portion.readings = readings
    yield portion
