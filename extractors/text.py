"""Width, blanks and invisible characters of Japanese text."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Control characters and bidi controls: they carry no text, and can make a terminal or a chat message lie."""

_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿々〆]")
_SPACED = re.compile(r"(?<=[一-鿿々ぁ-んァ-ヶー])[ \u3000]+(?=[一-鿿々ぁ-んァ-ヶー])")


def visible(text: str) -> str:
    """The text without control, bidi and zero-width characters."""
    return _INVISIBLE.sub("", text)


def tidy(text: str) -> str:
    """The text with runs of ASCII blanks and no-break spaces as one space; full-width spaces stay inside."""
    # Of all blanks only the space is printable; most texts hold it alone or not at all, and are quickly told.
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _BLANKS.sub(" ", text).strip(" \u3000")


class _Folding(dict[int, int | str]):
    """What each letter is in NFKC, learnt as they come."""

    def __missing__(self, code: int) -> int | str:
        folded = unicodedata.normalize("NFKC", chr(code))
        return self.setdefault(code, ord(folded) if len(folded) == 1 else folded)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text in NFKC for matching, so that full-width and half-width are one.

    Letter by letter: NFKC over a whole page costs more than parsing it.
    """
    if is_folded(text):
        return text
    text = text.translate(_FOLDING)
    # Letters may still join with the next one: ｶ and ﾞ to ガ.
    return text if is_folded(text) else unicodedata.normalize("NFKC", text)


def is_folded(text: str) -> bool:
    """Whether folding leaves the text as it is, as it does most lines: a tenth of the work of folding it."""
    return unicodedata.is_normalized("NFKC", text)


def unspaced(text: str) -> str:
    """A label or role without letter-spacing (日　時 → 日時) and outer blanks; Latin words keep theirs."""
    return _SPACED.sub("", text).strip(" \u3000")


def is_japanese(text: str) -> bool:
    """Whether the text holds kana or kanji."""
    return _JAPANESE.search(text) is not None


def japanese_share(text: str) -> float:
    """How much of the text's first part is kana or kanji, 0 to 1."""
    sample = text[:4000]
    return len(_JAPANESE.findall(sample)) / max(1, len(sample))


_NARROW = str.maketrans({0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)} | {0x3000: " "})
_DIGIT_DASH = re.compile(r"[‐‑‒–—―−ーｰ](?<=[\d)].)(?=[\d(])")


def narrow(text: str) -> str:
    """The text with half-width signs, letter for letter: places in it are places in what is printed."""
    return _DIGIT_DASH.sub("-", text if is_folded(text) else text.translate(_NARROW))
