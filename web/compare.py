"""Two versions of a release side by side: which fields differ and where, character by character.

Lines are matched first and characters inside lines that changed, so that one new paragraph does not make
every paragraph after it look different.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from diff_match_patch import diff_match_patch

FIELDS: Final = (
    "title",
    "url",
    "published_on",
    "categories",
    "joint_with",
    "lead",
    "body",
    "facts",
    "event_starts_on",
    "event_ends_on",
    "event_hours",
    "event_place",
    "contacts",
    "attachments",
    "links",
    "corrections",
    "countries",
    "jcm_role",
    "jcm_kind",
    "jcm_countries",
    "jcm_partner_count",
    "jcm_projects",
    "jcm_tonnes",
    "withdrawn_at",
)
_OPS: Final = {-1: "removed", 0: "same", 1: "added"}
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


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs."""

    name: str
    rows: tuple[Row, ...]

    @property
    def shown(self) -> tuple[Row, ...]:
        """The rows with a little of what is alike around each difference."""
        return tuple(_folded(self.rows))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The field as one text in reading order."""
        return tuple(_inline(self.rows))


def fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldDiff, ...]:
    """The fields whose text differs between two versions, in the order of `FIELDS`."""
    pairs = ((name, as_text(old.get(name)), as_text(new.get(name))) for name in FIELDS)
    return tuple(
        FieldDiff(name, tuple(_rows(before.splitlines(), after.splitlines())))
        for name, before, after in pairs
        if before != after
    )


def as_text(value: object) -> str:
    """A value as lines of text: one line for each entry of a list, entries of a record joined by a bar."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return " | ".join(part for one in value.values() if (part := as_text(one).replace("\n", ", ")))
    if isinstance(value, list):
        return "\n".join(as_text(one) for one in value)
    return str(value)


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for op, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield from (Row((Piece("same", line),), (Piece("same", line),)) for line in old[start:end])
            continue
        for before, after in zip_longest(old[start:end], new[first:last]):
            yield _changed(before, after)


def _changed(before: str | None, after: str | None) -> Row:
    if before is None or after is None:
        return Row(
            None if before is None else (Piece("removed", before),),
            None if after is None else (Piece("added", after),),
        )
    pieces = _characters(before, after)
    return Row(
        tuple(piece for piece in pieces if piece.op != "added"),
        tuple(piece for piece in pieces if piece.op != "removed"),
    )


def _characters(before: str, after: str) -> list[Piece]:
    maker = diff_match_patch()
    maker.Diff_Timeout = 0.5
    found = maker.diff_main(before, after)
    # Without this 第一回 → 第二回開催 is cut into single shared characters that nobody reads as shared.
    maker.diff_cleanupSemantic(found)
    return [Piece(_OPS[op], text) for op, text in found]


def _folded(rows: Sequence[Row]) -> Iterator[Row]:
    near = [
        any(_differs(row) for row in rows[max(0, place - CONTEXT) : place + CONTEXT + 1])
        for place in range(len(rows))
    ]
    alike = 0
    for row, shown in zip(rows, near, strict=True):
        if not shown:
            alike += 1
            continue
        if alike:
            yield Row(None, None, alike)
            alike = 0
        yield row
    if alike:
        yield Row(None, None, alike)


def _differs(row: Row) -> bool:
    return any(piece.op != "same" for piece in (row.old or ()) + (row.new or ()))


def _inline(rows: Sequence[Row]) -> Iterator[Piece]:
    for row in rows:
        yield from row.merged
        yield Piece("same", "\n")


def _merged(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[Piece]:
    """Both sides of a line as one: what was removed before what was added."""
    left, right = list(old), list(new)
    while left or right:
        if left and left[0].op == "removed":
            yield left.pop(0)
        elif right and right[0].op == "added":
            yield right.pop(0)
        else:
            yield left.pop(0)
            del right[:1]
