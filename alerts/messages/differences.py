"""What changed between two versions, short enough for a message.

A few places, each with a little around it; pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from diff_match_patch import diff_match_patch

from alerts.changes import COMPARED, Row, different

AROUND: Final = 16
"""Characters of unchanged text on either side of a place."""
PLACES: Final = 5
LONGEST: Final = 200
"""Characters of one deletion or insertion that are shown."""
_ORDER: Final = ("corrections", *(name for name in COMPARED if name not in {"corrections"}))


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that was `kept`, `gone` or `new`."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One column and the places in which it changed; `more` counts places that are not shown."""

    column: str
    places: tuple[tuple[Segment, ...], ...]
    more: int = 0


def differences(old: Row, new: Row) -> tuple[Difference, ...]:
    """Every column that differs, notes of correction first, since they say why."""
    fields = different(old, new)
    return tuple(_difference(name, old[name], new[name]) for name in _ORDER if name in fields)


def _difference(name: str, old: Any, new: Any) -> Difference:
    if isinstance(new, list | tuple) or isinstance(old, list | tuple):
        places = _entries(list(old or ()), list(new or ()))
    else:
        places = _places(_text(old), _text(new))
    return Difference(name, tuple(places[:PLACES]), max(0, len(places) - PLACES))


def _entries(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[Segment, ...]]:
    """Lists are compared entry by entry: what is not there any more, what is there now."""
    before, after = [_text(one) for one in old], [_text(one) for one in new]
    gone: list[tuple[Segment, ...]] = [(Segment("gone", _cut(one)),) for one in before if one not in after]
    return gone + [(Segment("new", _cut(one)),) for one in after if one not in before]


def _text(value: Any) -> str:
    """An entry in words: of a record what it says, blanks between."""
    if isinstance(value, dict):
        return " ".join(filter(None, (_text(one) for one in value.values())))
    if isinstance(value, list | tuple):
        return " ".join(filter(None, (_text(one) for one in value)))
    return "" if value is None else str(value)


def _places(old: str, new: str) -> list[tuple[Segment, ...]]:
    """The places of a text by character, joined where they lie closer than a reader would separate them."""
    found: list[list[Segment]] = []
    room = False
    for segment in _segments(old, new):
        if segment.what != "kept":
            if not room:
                found.append([])
                room = True
            found[-1].append(Segment(segment.what, _cut(segment.text)))
        elif room and len(segment.text) <= 2 * AROUND and found:
            found[-1].append(segment)
        else:
            room = False
            if found:
                found[-1].append(Segment("kept", segment.text[:AROUND] + "…"))
            found.append([Segment("kept", _lead(segment.text, first=not found))])
            room = True
    return [tuple(place) for place in found if any(segment.what != "kept" for segment in place)]


def _lead(text: str, *, first: bool) -> str:
    return text if first and len(text) <= AROUND else "…" + text[-AROUND:]


def _segments(old: str, new: str) -> list[Segment]:
    engine = diff_match_patch()
    # The library gives up on time; half a second is enough for a page, and the rest is shown as one change.
    engine.Diff_Timeout = 0.5
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return [Segment({0: "kept", -1: "gone", 1: "new"}[what], text) for what, text in found]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
