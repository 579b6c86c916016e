"""Foreign countries that a text names as countries.

    named_countries(text, lang)   which ones, as sorted ISO 3166 alpha-2 codes
    mentions(text, lang)          each place where one is named
    fold(text)                    the text as it is matched: NFKC

The names are a table of ours, made from CLDR and the Ministry's long forms (`names.csv`), so that the same
page gives the same record whatever version of CLDR is installed; what is *not* a country though it has the
letters of one stands in `contexts.toml`.
"""

import re

from extractors.countries._fold import fold
from extractors.countries._search import Mention, of_pairs, of_trigger, triggers
from extractors.countries._table import table

__all__ = ["Mention", "fold", "mentions", "named_countries"]

# Only these signs can hide a name from the search; without them a page need not be folded first.
_HIDDEN = re.compile("[Ａ-Ｚａ-ｚ･-ﾟ\u3099\u309a\u2019\u1100-\u11ff]")


def mentions(text: str, lang: str) -> tuple[Mention, ...]:
    """Every place in a folded text where a foreign country is named, from left to right."""
    found = [mention for trigger in triggers(text) for mention in of_trigger(text, trigger)]
    if lang != "en":
        found += of_pairs(text)
    return tuple(sorted(found, key=lambda mention: (mention.start, -mention.end)))


def _isos(text: str, trigger: str) -> set[str]:
    wanted = {name.iso for name in table().names[trigger]}
    found: set[str] = set()
    for mention in of_trigger(text, trigger):
        found.add(mention.iso)
        if found == wanted:
            break
    return found


def named_countries(text: str, lang: str) -> tuple[str, ...]:
    """Sorted ISO 3166 alpha-2 codes of the foreign countries that the text names as countries.

    Not cities alone, regions, seas, species, languages, people or institutes; Japan is left out. `lang` is
    the language of the page: pairs like 日越 are looked for unless it is `en`.
    """
    if _HIDDEN.search(text):
        text = fold(text)
    found = {iso for trigger in triggers(text) for iso in _isos(text, trigger)}
    if lang != "en":
        found |= {mention.iso for mention in of_pairs(text)}
    return tuple(sorted(found))
