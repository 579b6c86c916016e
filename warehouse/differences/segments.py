"""A text beside its later self, in pieces that break where a reader would.

A segment is `("equal" | "deleted" | "inserted", text)`; whoever shows it escapes the text for its own
surface. The equal and deleted segments joined are the text before, the equal and inserted ones the text
after.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from threading import Lock
from typing import Any, Final

from diff_match_patch import diff_match_patch

Segment = tuple[str, str]

_KINDS: Final = {-1: "deleted", 0: "equal", 1: "inserted"}
_MOST: Final = 10_000
"""Characters given to the word cutter at once; it refuses 49,149 bytes."""
_ONE_AT_A_TIME: Final = Lock()
"""Sudachi's tokenizer refuses a second thread; channels and visitors ask for diffs at the same moment."""
_WORDS: Final = 4_000
"""Words of one changed piece that are compared; of a piece that was written anew nobody reads more."""
_FIRST_CODE: Final = 0xE000
_PLANE: Final = 0x10FFFF - _FIRST_CODE


def diff(before: str, after: str) -> tuple[Segment, ...]:
    """The differences, whole lines first, then by words inside the lines that changed."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    shared = set(old) & set(new)
    lines = _by_units(_gathered(old, shared), _gathered(new, shared), tidy=False)
    return tuple(_joined(part for pair in _changed(lines) for part in _refined(*pair)))


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


def _changed(lines: Sequence[Segment]) -> Iterator[tuple[str, str, str]]:
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


def _refined(equal: str, deleted: str, inserted: str) -> Iterator[Segment]:
    yield "equal", equal
    before, after = (words(deleted), words(inserted)) if deleted and inserted else ([], [])
    if before and len(before) + len(after) <= _WORDS:
        yield from _by_units(before, after, tidy=True)
    else:
        yield "deleted", deleted
        yield "inserted", inserted


def _by_units(before: Sequence[str], after: Sequence[str], *, tidy: bool) -> list[Segment]:
    """A diff in which a line or a word counts as one character, so that none is ever cut."""
    units = list(dict.fromkeys([*before, *after]))
    if len(units) > _PLANE:
        return [("deleted", "".join(before)), ("inserted", "".join(after))]
    codes = {unit: chr(_FIRST_CODE + number) for number, unit in enumerate(units)}
    tool = diff_match_patch()
    # No deadline: the same two texts must give the same diff on a busy machine.
    tool.Diff_Timeout = 0
    found = tool.diff_main(
        "".join(codes[u] for u in before), "".join(codes[u] for u in after), checklines=False
    )
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
