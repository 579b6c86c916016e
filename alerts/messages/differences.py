"""What changed between two versions, short enough for a message.

A few places, each with a little around it; pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerts.changes import Row, different
from warehouse import differences as whole

AROUND: Final = 16
"""Characters of unchanged text on either side of a place."""
PLACES: Final = 5
LONGEST: Final = 200
"""Characters of one deletion or insertion that are shown."""

Segment = whole.Segment
"""`equal`, `deleted` or `inserted`, and the text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One column and the places in which it changed; `more` counts places that are not shown."""

    column: str
    places: tuple[tuple[Segment, ...], ...]
    more: int = 0


def differences(old: Row, new: Row, files: Sequence[whole.ReplacedFile] = ()) -> tuple[Difference, ...]:
    """Every column whose content differs, notes of correction first, since they say why.

    Files that were replaced under the same link count as the column `files`.
    """
    fields = different(old, new) | {whole.FILES}
    found = [one for one in whole.differences(old, new, files) if one.field in fields]
    return tuple(_difference(one) for one in sorted(found, key=lambda one: one.field != "corrections"))


def _difference(change: whole.Change) -> Difference:
    places = [((kind, _cut(line)),) for kind, line in _entries(change)] or _places(change.segments)
    return Difference(change.field, tuple(places[:PLACES]), max(0, len(places) - PLACES))


def _entries(change: whole.Change) -> list[Segment]:
    """Lists are told entry by entry: what is not there any more, what is there now."""
    return [("deleted", line) for line in change.removed] + [("inserted", line) for line in change.added]


def _places(segments: Sequence[Segment]) -> list[tuple[Segment, ...]]:
    """The places of a text, joined where they lie closer than a reader would separate them."""
    found: list[list[Segment]] = [[]]
    for at, (kind, text) in enumerate(segments):
        if kind != "equal":
            found[-1].append((kind, _cut(text)))
            continue
        first, last = at == 0, at == len(segments) - 1
        if not first and not last and len(text) <= 2 * AROUND:
            found[-1].append((kind, text))
            continue
        if not first:
            found[-1].append((kind, _head(text)))
        if not last:
            found.append([(kind, _tail(text))])
    return [tuple(place) for place in found if any(kind != "equal" for kind, _ in place)]


def _head(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND] + "…"


def _tail(text: str) -> str:
    return text if len(text) <= AROUND else "…" + text[-AROUND:]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
