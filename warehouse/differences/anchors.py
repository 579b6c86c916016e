"""Lines that belong to each other in two long texts; what stands between them is compared piece by piece."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet


def anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The places, before and after, of lines that stand equally often in both, the k-th with the k-th.

    As many as keep their order. Takes the time of sorting them, however much was moved.
    """
    times = Counter(before)
    steady = {line for line, count in Counter(after).items() if times[line] == count}
    places = {key: place for place, key in _numbered(before, steady)}
    return _rising([(places[key], place) for place, key in _numbered(after, steady)])


def _numbered(lines: Sequence[str], steady: AbstractSet[str]) -> Iterator[tuple[int, tuple[str, int]]]:
    """Each steady line with its place, and which of its like it is."""
    seen = Counter[str]()
    for place, line in enumerate(lines):
        if line in steady:
            seen[line] += 1
            yield place, (line, seen[line])


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, whose second numbers rise, in which the first ones do too."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (first, _) in enumerate(pairs):
        length = bisect(lowest, first)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [first]
        ends[length : length + 1] = [number]
    found = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
