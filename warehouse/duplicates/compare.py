"""Tells a copy from a sibling by what differs, once two texts are known to be alike.

Siblings come from one template: the differences carry the news (第4回 → 第5回, another day, another
country). In a copy nothing that carries news differs. Where in doubt two releases are siblings: calling a
sibling a copy would make an announcement look like old news.
"""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from warehouse.duplicates.profile import Profile, jaccard, numbers

SIBLING_TEXT: Final = 0.5
SIBLING_TITLE: Final = 0.6
"""Of the masked titles: two calls for proposals share their boilerplate, not their title."""
COPY_TEXT: Final = 0.7
TYPO: Final = 0.5
"""A word was mended, not exchanged, if half of it stayed."""
MENDED_NUMBERS: Final = 2
"""How many numbers a correction may mend in a text that says it was corrected."""
NEWS: Final = 0.1
"""A copy may say up to a tenth more than the other: a paragraph was added."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two releases are to each other (`copy` or `sibling`) and how alike their texts are, 0 to 1."""

    kind: str
    similarity: float


def compare(earlier: Profile, later: Profile) -> Likeness | None:
    """What two releases in one language are to each other; None if they are not alike. Symmetrical."""
    masked = jaccard(earlier.shingles, later.shingles)
    if masked < SIBLING_TEXT:
        return None
    # Asked first, for few say so, and the exact text of all others need not be cut.
    if _same_head(earlier, later):
        exact = jaccard(earlier.exact, later.exact)
        if exact >= COPY_TEXT and _same_text(*sorted((earlier, later), key=lambda one: one.release_id)):
            return Likeness("copy", round(exact, 4))
    if _dice(earlier.masked_title, later.masked_title) >= SIBLING_TITLE:
        return Likeness("sibling", round(masked, 4))
    return None


def _same_head(one: Profile, other: Profile) -> bool:
    return one.title == other.title and one.countries == other.countries and one.event == other.event


def _same_text(one: Profile, other: Profile) -> bool:
    return _same_numbers(one, other) and _same_words(one.tokens, other.tokens)


def _same_numbers(one: Profile, other: Profile) -> bool:
    """Whether no number differs, or so few that a correction the text speaks of explains them."""
    left, right = _counted(one.text), _counted(other.text)
    differing = max((left - right).total(), (right - left).total())
    return differing == 0 or ((one.notes or other.notes) and differing <= MENDED_NUMBERS)


@lru_cache(maxsize=2_048)
def _counted(text: str) -> Counter[str]:
    """A text's numbers; kept, for a release is compared with all of its neighbours that bear its title."""
    return Counter(numbers(text))


def _same_words(left: list[str], right: list[str]) -> bool:
    """Whether every difference is a mended word or a little more text, never another word in its place."""
    if left == right:
        return True
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    added = 0
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "replace" and not _mended(left[start:end], right[other_start:other_end]):
            return False
        if tag in {"insert", "delete"}:
            added += (end - start) + (other_end - other_start)
    return added <= NEWS * max(len(left), len(right))


def _mended(before: list[str], after: list[str]) -> bool:
    if all(word[0].isdigit() for word in before + after):
        return True  # numbers were judged on their own
    return SequenceMatcher(None, "".join(before), "".join(after), autojunk=False).ratio() >= TYPO


@lru_cache(maxsize=4_096)
def _dice(one: str, other: str) -> float:
    """Shared pairs of characters over all, 0 to 1; 1 for equal titles however short.

    Kept: the neighbours of a release have few titles between them, and dozens of its kind ask for the same.
    """
    if one == other:
        return 1.0
    left, right = Counter(pairwise(one)), Counter(pairwise(other))
    every = left.total() + right.total()
    return 2 * (left & right).total() / every if every else 0.0
