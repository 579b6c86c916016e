"""One spelling of every text: what the index holds and what a query is turned into before they are compared.

Folding is NFKC and case-folding, character by character, then NFC. Doing it by character makes it a table
(`search_folding`), so that the macro `search_releases` folds a query in plain SQL exactly as Python does: a
client that has no Python finds the same releases.

A *word* of the index is the longest run of kanji, katakana, Latin letters and digits, or of at least two
hiragana, kept with a blank at each end. What lies between runs (punctuation, single hiragana) is not in the
index.
"""

import re
import unicodedata
from functools import lru_cache

# Written as ranges, not as \w or \p{L}: RE2 inside DuckDB and Python's re must agree on every character,
# or a word would be looked up under another cut than it was stored under, and silently missed.
JOINED = (
    "0-9a-z\u00df-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"
    "\u30a1-\u30fa\u30fc-\u30ff\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff"
)
HIRAGANA = "\u3041-\u309f"
WORD = f"[{JOINED}]+|[{HIRAGANA}]{{2,}}"

_FROM_HIRAGANA = re.compile(f"([{HIRAGANA}])([^{HIRAGANA}])")
_TO_HIRAGANA = re.compile(f"([^{HIRAGANA}])([{HIRAGANA}])")
_BETWEEN = re.compile(f"[^{JOINED}{HIRAGANA}]+")
_WHOLE = re.compile(WORD)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_BLANKS_WITHIN = re.compile(r"[ \t\r\f]{2,}|[\t\r\f]")
# Kanji and Hangul fold to themselves; leaving their 70,000 code points out saves every start a second.
_FOLDED_RANGES = ((0, 0x3400), (0xA000, 0xAC00), (0xF900, 0x20000), (0x2F800, 0x2FA20))


def fold_character(character: str) -> str:
    """A character without width and case: Ａ → a, ㈱ → (株), ㍿ → 株式会社."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())


@lru_cache(maxsize=1)
def folding() -> dict[int, str]:
    """Every code point that folding changes, and what it becomes; some 6,000, by this Python's Unicode."""
    codes = (code for start, end in _FOLDED_RANGES for code in range(start, end))
    folds = ((code, fold_character(chr(code))) for code in codes)
    return {code: folded for code, folded in folds if folded != chr(code)}


def fold(text: str) -> str:
    """The text in the one spelling; line breaks stay, so that nothing is found across two blocks."""
    return unicodedata.normalize("NFC", text.translate(folding()))


def fold_line(text: str) -> str:
    """The same in one line, blanks collapsed and trimmed: how blocks are stored and terms are compared."""
    return one_line(fold(text))


def fold_lines(text: str) -> list[str]:
    """Each line of a text as `fold_line` gives it."""
    return [line.strip(" ") for line in _BLANKS_WITHIN.sub(" ", fold(text)).split("\n")]


def one_line(folded: str) -> str:
    """A folded text in one line, blanks collapsed and trimmed."""
    return _BLANKS.sub(" ", folded).strip(" ")


def words(folded: str) -> frozenset[str]:
    """The words of a folded text, without the blanks they are stored with."""
    return frozenset(_WHOLE.findall(folded))


def pieces(term: str) -> tuple[str, ...]:
    """Patterns that the stored words (a blank at each end) of a text holding this folded term must contain.

    A blank in a pattern says that the word must begin or end there: 取り組み gives 取 at the end of a word
    and 組 as a whole word; the single hiragana are not in the index. An empty result: the index cannot
    help.
    """
    cut = _BETWEEN.sub(" ", _TO_HIRAGANA.sub(r"\1 \2", _FROM_HIRAGANA.sub(r"\1 \2", term))).split(" ")
    last = len(cut) - 1
    return tuple(
        (" " if place > 0 else "") + part + (" " if place < last else "")
        for place, part in enumerate(cut)
        if _WHOLE.fullmatch(part)
    )


def is_whole(term: str) -> bool:
    """Whether the index alone answers for this term: it lies inside one word wherever it occurs."""
    return _WHOLE.fullmatch(term) is not None
