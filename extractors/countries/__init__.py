"""Foreign countries that a text names as countries.

    named_countries(text, lang)   which ones, as sorted ISO 3166 alpha-2 codes
    mentions(text, lang)          each place where one is named
    fold(text)                    the text as it is matched: NFKC

The names are a table of ours, made from CLDR and the Ministry's long forms (`names.csv`), so that the same
page gives the same record whatever version of CLDR is installed; what is *not* a country though it has the
letters of one stands in `contexts.toml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.countries._fold import fold
from extractors.countries._table import table

__all__ = ["Mention", "fold", "mentions", "named_countries"]

# Only these signs can hide a name from the search; without them a page need not be folded first.
_HIDDEN = re.compile("[Ａ-Ｚａ-ｚ･-ﾟ\u3099\u309a\u2019\u1100-\u11ff]")
_NEIGHBOUR_BEFORE = re.compile("([ァ-ヺー]+)・$")
_NEIGHBOUR_AFTER = re.compile("・([ァ-ヺー]+)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A country named at `start`..`end` of the folded text."""

    start: int
    end: int
    iso: str


def _is_person(text: str, match: re.Match[str]) -> bool:
    known = table()
    if match[0] not in known.people:
        return False
    beside = [
        _NEIGHBOUR_BEFORE.search(text, max(0, match.start() - 20), match.start()),
        _NEIGHBOUR_AFTER.match(text, match.end()),
    ]
    words = [neighbour[1] for neighbour in beside if neighbour]
    return bool(words) and not any(word in known.iso or word in known.cities for word in words)


def _pairs(text: str) -> Iterator[Mention]:
    for match in table().pairs.finditer(text):
        for place, letter in enumerate(match[match.lastindex or 0], match.start(match.lastindex or 0)):
            yield Mention(place, place + 1, table().kanji[letter])


def _names(text: str, trigger: str) -> Iterator[Mention]:
    known = table()
    for match in known.pattern(trigger).finditer(text):
        around = known.contexts[match[0]]
        if any(context.shuts_out(text, *match.span()) for context in around) or _is_person(text, match):
            continue
        yield Mention(match.start(), match.end(), known.iso[match[0]])


def _found(text: str, lang: str) -> Iterator[Mention]:
    known = table()
    for trigger in known.names.keys() & set(known.tokens.findall(text)):
        yield from _names(text, trigger)
    if lang != "en":
        yield from _pairs(text)


def mentions(text: str, lang: str) -> tuple[Mention, ...]:
    """Every place in a folded text where a foreign country is named, from left to right."""
    return tuple(sorted(_found(text, lang), key=lambda mention: (mention.start, -mention.end)))


def named_countries(text: str, lang: str) -> tuple[str, ...]:
    """Sorted ISO 3166 alpha-2 codes of the foreign countries that the text names as countries.

    Not cities alone, regions, seas, species, languages, people or institutes; Japan is left out. `lang` is
    the language of the page: pairs like 日越 are looked for unless it is `en`.
    """
    if _HIDDEN.search(text):
        text = fold(text)
    found = {mention.iso for mention in _found(text, lang)}
    return tuple(sorted(found))
