"""Where a term stands in a text as printed, and the piece of it worth showing.

A segment is `("hit" | "plain", text)`; whoever shows it escapes the text for its own surface.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from warehouse.search.folding import fold, folding

Segment = tuple[str, str]

_BLANKS = re.compile(r"\s\s|[^\S ]")
_BEFORE = 30
_LENGTH = 120


def highlight(text: str, terms: Sequence[str]) -> tuple[Segment, ...]:
    """The whole text in segments; `terms` are folded. Joined together the segments are the text."""
    return tuple(_segments(text, _ranges(text, terms), 0, len(text)))


def snippet(text: str, terms: Sequence[str]) -> tuple[Segment, ...]:
    """Some 120 characters around the first hit, with … where the text goes on."""
    ranges = _ranges(text, terms)
    start = max(0, (ranges[0][0] if ranges else 0) - _BEFORE)
    end = min(len(text), max(start + _LENGTH, ranges[0][1] if ranges else 0))
    shown = list(_segments(text, ranges, start, end))
    return (*([("plain", "…")] if start else []), *shown, *([("plain", "…")] if end < len(text) else []))


def _segments(text: str, ranges: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Segment]:
    at = start
    for left, right in ranges:
        if right <= start or left >= end:
            continue
        if left > at:
            yield "plain", text[at:left]
        yield "hit", text[max(left, at) : min(right, end)]
        at = min(right, end)
    if at < end:
        yield "plain", text[at:end]


def _ranges(text: str, terms: Sequence[str]) -> list[tuple[int, int]]:
    """Places of the terms in the text as printed, in order, overlapping ones joined."""
    folded, origin = _as_it_is(text) or _folded_with_origin(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        at = folded.find(term)
        while term and at >= 0:
            found.append((origin[at], origin[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    return _joined(sorted((left, _cluster_end(text, right)) for left, right in found))


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for left, right in ranges:
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], right))
        else:
            joined.append((left, right))
    return joined


def _as_it_is(text: str) -> tuple[str, Sequence[int]] | None:
    """The folded text where each character folds to one and stays where it is, as in most lines."""
    folded = text.translate(folding())
    moved = len(folded) != len(text) or _BLANKS.search(folded) or any(map(unicodedata.combining, folded))
    return None if moved else (folded, range(len(text)))


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` it comes from."""
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    while at < len(text):
        end = _cluster_end(text, at + 1)
        part = fold(text[at:end])
        if part.isspace():
            part = "" if parts and parts[-1] == " " else " "
        if part:
            parts.append(part)
            origin += [at] * len(part)
        at = end
    return "".join(parts), origin


def _cluster_end(text: str, at: int) -> int:
    """The place after marks that belong to the character before `at`: ｶ and ﾞ are folded together."""
    while at < len(text) and unicodedata.combining(fold(text[at])[:1] or " "):
        at += 1
    return at
