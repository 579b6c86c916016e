"""A text beside its later self, in pieces that break where a reader would.

A segment is `("equal" | "deleted" | "inserted", text)`; whoever shows it escapes the text for its own
surface. The equal and deleted segments joined are the text before, the equal and inserted ones the text
after.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from threading import Lock
from typing import Any, Final

from diff_match_patch import diff_match_patch

from warehouse.differences.anchors import anchors

Segment = tuple[str, str]

_KINDS: Final = {-1: "deleted", 0: "equal", 1: "inserted"}
_MOST: Final = 10_000
"""Characters given to the word cutter at once; it refuses 49,149 bytes."""
_ONE_AT_A_TIME: Final = Lock()
"""Sudachi's tokenizer refuses a second thread; channels and visitors ask for diffs at the same moment."""
_AT_ONCE: Final = 250_000
"""Pairs of lines up to which two texts are compared as they are; longer ones between what stands in both."""
_PAIRS: Final = 1_000_000
"""Pairs of lines or words that one diff compares, half a second's worth; beyond, a piece is one exchange.

A page whose 8,000 lines stood in another order would take a minute, in the reading room and in each alert.
"""
_FIRST_CODE: Final = 0xE000
_PLANE: Final = 0x10FFFF - _FIRST_CODE


@dataclass(slots=True)
class _Effort:
    """What is left of the work that one diff may take; counted, so that a busy machine finds the same."""

    left: int = _PAIRS

    def allows(self, pairs: int) -> bool:
        """Whether so many pairs may still be compared; if so they count as compared."""
        allowed = pairs <= self.left
        self.left -= pairs if allowed else 0
        return allowed


def diff(before: str, after: str) -> tuple[Segment, ...]:
    """The differences, whole lines first, then by words inside the lines that changed.

    Beyond reading the texts it takes half a second at most: where more was moved or written anew than can be
    compared in that, whole pieces are exchanged.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    shared = set(old) & set(new)
    effort = _Effort()
    lines = _by_lines(_gathered(old, shared), _gathered(new, shared), effort)
    return tuple(_joined(part for pair in _changed(lines) for part in _refined(*pair, effort)))


def excerpt(segments: Sequence[Segment], around: int = 30) -> tuple[Segment, ...]:
    """The changes with some characters of text around each; … stands where equal text was left out."""
    last = len(segments) - 1
    return tuple(
        (kind, _shortened(text, around, first=at == 0, last=at == last) if kind == "equal" else text)
        for at, (kind, text) in enumerate(segments)
    )


def _shortened(text: str, around: int, *, first: bool, last: bool) -> str:
    head = "" if first else text[:around]
    tail = "" if last else text[-around:]
    return text if len(text) <= len(head) + len(tail) + 1 else f"{head}…{tail}"


def _changed(lines: Iterable[Segment]) -> Iterator[tuple[str, str, str]]:
    """Equal text, then what was deleted and what was inserted after it, again and again."""
    equal = deleted = inserted = ""
    for kind, text in lines:
        if kind == "equal" and (deleted or inserted):
            yield equal, deleted, inserted
            equal, deleted, inserted = text, "", ""
        elif kind == "equal":
            equal += text
        elif kind == "deleted":
            deleted += text
        else:
            inserted += text
    yield equal, deleted, inserted


def _refined(equal: str, deleted: str, inserted: str, effort: _Effort) -> Iterator[Segment]:
    yield "equal", equal
    # To cut a character into words takes as long as to compare three pairs.
    if deleted and inserted and effort.allows(3 * (len(deleted) + len(inserted))):
        yield from _by_units(words(deleted), words(inserted), effort, tidy=True)
    else:
        yield from _exchanged((deleted,), (inserted,))


def _exchanged(before: Iterable[str], after: Iterable[str]) -> list[Segment]:
    return [("deleted", "".join(before)), ("inserted", "".join(after))]


def _by_lines(before: Sequence[str], after: Sequence[str], effort: _Effort) -> Iterator[Segment]:
    pairs = [] if len(before) * len(after) <= _AT_ONCE else anchors(before, after)
    left = right = 0
    for old, new in [*pairs, (len(before), len(after))]:
        yield from _by_units(before[left:old], after[right:new], effort, tidy=False)
        yield "equal", "".join(before[old : old + 1])
        left, right = old + 1, new + 1


def _by_units(before: Sequence[str], after: Sequence[str], effort: _Effort, *, tidy: bool) -> list[Segment]:
    """A diff in which a line or a word counts as one character, so that none is ever cut."""
    units = list(dict.fromkeys([*before, *after]))
    if len(units) > _PLANE:
        return _exchanged(before, after)
    codes = {unit: chr(_FIRST_CODE + number) for number, unit in enumerate(units)}
    old, new = ("".join(codes[unit] for unit in side) for side in (before, after))
    tool = diff_match_patch()
    # No deadline: the same two texts must give the same diff on a busy machine.
    tool.Diff_Timeout = 0
    alike = tool.diff_commonPrefix(old, new)
    alike += tool.diff_commonSuffix(old[alike:], new[alike:])
    if not effort.allows((len(old) - alike) * (len(new) - alike)):
        return _exchanged(before, after)
    found = tool.diff_main(old, new, checklines=False)
    if tidy:
        tool.diff_cleanupSemantic(found)
    return [(_KINDS[kind], "".join(units[ord(code) - _FIRST_CODE] for code in text)) for kind, text in found]


def _gathered(lines: Sequence[str], shared: Container[str]) -> list[str]:
    """The lines, with those in one piece that follow each other and stand on one side alone.

    To look for each of them takes the square of their number: minutes, where every figure of a table is new.
    """
    return [
        one
        for is_shared, run in groupby(lines, shared.__contains__)
        for one in (run if is_shared else ("".join(run),))
    ]


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    held: list[str] = ["", ""]
    for kind, text in segments:
        if not text:
            continue
        if kind == held[0]:
            held[1] += text
            continue
        if held[1]:
            yield held[0], held[1]
        held = [kind, text]
    if held[1]:
        yield held[0], held[1]


def words(text: str) -> list[str]:
    """The text cut into words, blanks and marks; joined they are the text."""
    return [
        word
        for line in text.splitlines(keepends=True)
        for start in range(0, len(line), _MOST)
        for word in _cut(line[start : start + _MOST])
    ]


def _cut(text: str) -> list[str]:
    with _ONE_AT_A_TIME:
        cut = [morpheme.surface() for morpheme in _cutter().tokenize(text)]
    return cut if "".join(cut) == text else list(text)


@lru_cache(maxsize=1)
def _cutter() -> Any:
    """Sudachi with its small dictionary, loaded when first needed: it takes half a second."""
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()
