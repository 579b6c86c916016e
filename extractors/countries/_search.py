"""The search: words that could give a name away, then each place where one stands, then what is around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.countries._table import Name, table

# Each begins with a class of letters, which lets the engine skip the rest of the page.
_KANA_WORD = re.compile("[ァ-ヺー][ァ-ヺー]+")
_LATIN_WORD = re.compile("[A-ZÀ-Þ][A-Za-zÀ-ÖØ-öø-ÿ]*")
_KANA = re.compile("[ァ-ヺー]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]")
_NEIGHBOUR_BEFORE = re.compile("([ァ-ヺー]+)・$")
_NEIGHBOUR_AFTER = re.compile("・([ァ-ヺー]+)")
_LONGEST_NEIGHBOUR = 20


@dataclass(frozen=True, slots=True)
class Mention:
    """A country named at `start`..`end` of the folded text."""

    start: int
    end: int
    iso: str


def _runs_on(text: str, inner: int, outer: int) -> bool:
    """Whether the letter outside a name goes on with the letters inside it; kanji run on without a border."""
    if not 0 <= outer < len(text):
        return False
    return any(kind.match(text, inner) and kind.match(text, outer) for kind in (_KANA, _LATIN))


def _stands_at(text: str, name: Name, start: int) -> bool:
    end = start + len(name.text)
    return (
        start >= 0
        and text.startswith(name.text, start)
        and not _runs_on(text, start, start - 1)
        and not _runs_on(text, end - 1, end)
    )


def _is_person(text: str, name: str, start: int, end: int) -> bool:
    known = table()
    if name not in known.people:
        return False
    beside = [
        _NEIGHBOUR_BEFORE.search(text, max(0, start - _LONGEST_NEIGHBOUR), start),
        _NEIGHBOUR_AFTER.match(text, end),
    ]
    words = [neighbour[1] for neighbour in beside if neighbour]
    return bool(words) and not any(word in known.known or word in known.cities for word in words)


def _named_at(text: str, trigger: str, place: int) -> Mention | None:
    known = table()
    for name in known.names[trigger]:
        start = place - name.text.index(trigger)
        if not _stands_at(text, name, start):
            continue
        end = start + len(name.text)
        if any(context.shuts_out(text, start, end) for context in known.contexts[name.text]):
            return None
        return None if _is_person(text, name.text, start, end) else Mention(start, end, name.iso)
    return None


def triggers(text: str) -> set[str]:
    """The words of a folded text that some country's name may belong to."""
    known = table()
    words = {*_KANA_WORD.findall(text), *_LATIN_WORD.findall(text)}
    return known.names.keys() & words | {word for word in known.kanji if word in text}


def of_trigger(text: str, trigger: str) -> Iterator[Mention]:
    """Every country named in a folded text by a name with that word."""
    place = text.find(trigger)
    while place >= 0:
        if mention := _named_at(text, trigger, place):
            yield mention
        place = text.find(trigger, place + len(trigger))


def of_pairs(text: str) -> Iterator[Mention]:
    """Every country named by one kanji beside that of Japan: 日越, 日中韓."""
    known = table()
    for match in known.pairs.finditer(text):
        if match.start() and known.before_pair.match(text, match.start() - 1):
            continue
        group = match.lastindex or 0
        for place, letter in enumerate(match[group], match.start(group)):
            yield Mention(place, place + 1, known.letters[letter])
