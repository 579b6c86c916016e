"""Two versions of a release laid out for a page: lines side by side, or one after the other.

What differs is decided by `warehouse.differences`, as for the terminal and the alerts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from warehouse.differences import Change, ReplacedFile, Segment, differences

OPS: Final = {"equal": "same", "deleted": "removed", "inserted": "added"}
CONTEXT: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that is the `same`, was `removed` or `added`."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line before and after; None where it is on one side only. `alike` counts lines left out here."""

    old: tuple[Piece, ...] | None
    new: tuple[Piece, ...] | None
    alike: int = 0

    @property
    def merged(self) -> tuple[Piece, ...]:
        """Both sides as one line."""
        return tuple(_merged(self.old or (), self.new or ()))

    @property
    def differs(self) -> bool:
        """Whether anything on this line was removed or added."""
        return any(piece.op != "same" for piece in (self.old or ()) + (self.new or ()))


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs: its lines, and the same as one text in reading order."""

    name: str
    rows: tuple[Row, ...]
    pieces: tuple[Piece, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows with a little of what is alike around each difference."""
        return tuple(_folded(self.rows))


def fields(
    old: Mapping[str, Any], new: Mapping[str, Any], files: Sequence[ReplacedFile] = ()
) -> tuple[FieldDiff, ...]:
    """The fields in which two versions differ; `files` are those replaced under the same link."""
    return tuple(
        FieldDiff(
            change.field,
            tuple(_entries(change) if change.removed or change.added else rows(change.segments)),
            tuple(Piece(OPS[kind], text) for kind, text in change.segments),
        )
        for change in differences(old, new, files)
    )


def _entries(change: Change) -> Iterator[Row]:
    """The entries of a list that went beside those that came."""
    for removed, added in zip_longest(change.removed, change.added):
        yield Row(
            None if removed is None else (Piece("removed", removed),),
            None if added is None else (Piece("added", added),),
        )


def rows(segments: Sequence[Segment]) -> Iterator[Row]:
    """The lines of both sides, lined up again wherever some text is on both."""
    sides: dict[str, list[list[Piece]]] = {"removed": [[]], "added": [[]]}
    for kind, text in segments:
        op = OPS[kind]
        if op == "same":
            yield from _lined_up(sides, keep=1)
        for number, part in enumerate(text.split("\n")):
            if number and op == "same":
                yield from _lined_up(sides, keep=0)
            for name in sides if op == "same" else (op,):
                if number and op != "same":
                    sides[name].append([])
                if part:
                    sides[name][-1].append(Piece(op, part))
    yield from _lined_up(sides, keep=0)


def _lined_up(sides: dict[str, list[list[Piece]]], *, keep: int) -> Iterator[Row]:
    """The lines gathered so far, without the last `keep` of each side, which go on."""
    whole = [lines[: len(lines) - keep] for lines in sides.values()]
    for before, after in zip_longest(*whole):
        row = Row(None if before is None else tuple(before), None if after is None else tuple(after))
        # A text that ends with its line leaves an empty rest on one side, which is no line.
        if row.old or row.new or len(whole[0]) == len(whole[1]):
            yield row
    for name, lines in sides.items():
        sides[name] = lines[len(lines) - keep :] or [[]]


def _folded(found: Sequence[Row]) -> Iterator[Row]:
    alike = 0
    for place, row in enumerate(found):
        if any(one.differs for one in found[max(0, place - CONTEXT) : place + CONTEXT + 1]):
            if alike:
                yield Row(None, None, alike)
            alike = 0
            yield row
        else:
            alike += 1
    if alike:
        yield Row(None, None, alike)


def _merged(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Piece]:
    """Both sides of a line as one: what was removed before what was added."""
    left, right = list(old), list(new)
    while left or right:
        if left and left[0].op == "removed":
            yield left.pop(0)
        elif right and right[0].op == "added":
            yield right.pop(0)
        else:
            yield (left or right)[0]
            del left[:1], right[:1]
