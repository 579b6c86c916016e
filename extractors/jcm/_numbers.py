"""Numbers as the Ministry writes them: 17, 十七, seventeen, nineteenth, 1,920万."""

import re

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *(
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_KANJI = {letter: value for value, letter in enumerate("〇一二三四五六七八九")}
SCALES = {
    "": 1.0,
    "千": 1e3,
    "thousand": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "million": 1e6,
    "億": 1e8,
    "billion": 1e9,
}


def _words() -> dict[str, int]:
    words = dict(zip(_UNITS, range(20), strict=True)) | _TENS
    for tens, value in _TENS.items():
        words |= {f"{tens}-{_UNITS[unit]}": value + unit for unit in range(1, 10)}
    ordinals = {re.sub("y$", "ie", word) + "th": value for word, value in words.items()}
    for tens, value in _TENS.items():
        ordinals |= {f"{tens}-{word}": value + unit for word, unit in _ORDINALS.items() if unit in range(10)}
    return words | ordinals | _ORDINALS


WORDS = _words()
"""English number words and ordinals up to forty-nine."""

ANY_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
"""All of them, longest first, for use in a pattern."""


def _kanji(text: str) -> int:
    tens, ten, units = text.rpartition("十")
    return (_KANJI.get(tens, 1) * 10 if ten else 0) + (_KANJI[units] if units else 0)


def number(text: str) -> int:
    """17 for `17`, `十七`, `seventeen`, `Seventeenth` and `17th`."""
    text = text.lower().replace(",", "").replace(" ", "-")
    if text in WORDS:
        return WORDS[text]
    if digits := re.match(r"\d+", text):
        return int(digits[0])
    return _kanji(text)
