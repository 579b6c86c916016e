"""What a release says, cut so that two can be compared: with and without its numbers and dates.

The contact block stays out: every release of one division ends with the same one, and when the head of the
division changes, every release would seem corrected.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from warehouse.search.folding import fold

SHINGLE: Final = 5
"""Characters of one shingle: 5 of Japanese text without blanks are one to three words."""

_POWERS: Final = np.array([pow(0x100000001B3, power, 1 << 64) for power in range(SHINGLE)], dtype=np.uint64)
_CONTACT = re.compile(
    r"[■●○【\[]?\s*(?:連絡先|お?問い?合わ?せ先?|contact|for further information)[】\]:：]?", re.IGNORECASE
)
_NOTE = re.compile(r"^\s*[※(（*注].*(?:訂正|修正|更新|差し?替え|掲載し|追記|correct|updated)")
_TITLE_TAIL = re.compile(r"\((?:お知らせ|再掲|再送|訂正版?|修正版?|更新|差替え?)\)")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_ORDINAL = re.compile(r"(?<=第)[一二三四五六七八九十百]+|[一二三四五六七八九十]+(?=[回号報期次]|か国|カ国)")
_WEEKDAY = re.compile(r"\([月火水木金土日](?:・?祝)?\)")
_SILENT = re.compile(r"[\s、。,.・:：;!?「」『』()\[\]{}<>〈〉《》【】■●○◆※*_\-–—~〜/|'\"“”’]+")
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+|[ァ-ヺー]+|[一-鿿々]+|[ぁ-ゟ]+")


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One release, folded; `title` without marks, `text` without the Ministry's notes of corrections.

    `notes` says whether there are such notes. `shingles` are hashes of the text without numbers, sorted and
    unique.
    """

    release_id: str
    title: str
    text: str
    notes: bool
    countries: frozenset[str]
    event: tuple[Any, Any]
    shingles: NDArray[np.uint64]

    @property
    def exact(self) -> NDArray[np.uint64]:
        """Hashes of the text with its numbers; made when asked for, since few are ever compared so."""
        return _exact(self.title, self.text)

    @property
    def tokens(self) -> list[str]:
        """Title and text word by word: numbers, Latin words, runs of katakana, kanji and hiragana."""
        return _TOKEN.findall(f"{self.title}\n{self.text}")

    @property
    def masked_title(self) -> str:
        """The title without numbers, dates and marks."""
        return _masked(self.title)


def profile(row: Mapping[str, Any]) -> Profile:
    """The profile of a row of `releases`."""
    title = _TITLE_TAIL.sub("", fold(" ".join((row["title"] or "").split())))
    lines = _lines(folded_body(row))
    notes = [line for line in lines if _NOTE.search(line)]
    text = "\n".join(line for line in lines if line not in notes)
    return Profile(
        release_id=row["release_id"],
        title=_SILENT.sub("", title),
        text=text,
        notes=bool(notes or row["corrections"]) or "訂正" in (row["title"] or ""),
        countries=frozenset(row["countries"] or ()),
        event=(row["event_starts_on"], row["event_ends_on"]),
        shingles=_shingles(mask(f"{title}\n{text}")),
    )


def folded_body(row: Mapping[str, Any]) -> str:
    """The folded body of a row, or its lead where there is none."""
    return _fold_once(row["body"] or row["lead"] or "")


@lru_cache(maxsize=2_048)
def _fold_once(text: str) -> str:
    """Signature, anchors and comparison each need the folded text, which is half of their time."""
    return fold(text)


@lru_cache(maxsize=2_048)
def _exact(title: str, text: str) -> NDArray[np.uint64]:
    """One release of a long series is compared with dozens of its neighbours, one after the other."""
    hashed = _shingles(_SILENT.sub("", f"{title}\n{text}"))
    # Shared between profiles from here on: a write through one of them would falsify the others.
    hashed.flags.writeable = False
    return hashed


@lru_cache(maxsize=4_096)
def _masked(title: str) -> str:
    return mask(title)


def numbers(text: str) -> list[str]:
    """The numbers of a folded text, without commas; kanji ordinals (第五回) and weekdays count as numbers."""
    found = [match.group().replace(",", "") for match in _NUMBER.finditer(text)]
    return found + _ORDINAL.findall(text) + _WEEKDAY.findall(text)


def mask(text: str) -> str:
    """A folded text with every number as 0, without weekdays and marks: what a template has in common."""
    return _SILENT.sub("", _NUMBER.sub("0", _ORDINAL.sub("0", _WEEKDAY.sub("", text))))


def jaccard(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Shared shingles over all shingles, 0 to 1; 0 where both are empty."""
    both = np.concatenate((one, other))
    # Both are in order: a stable sort only merges them.
    both.sort(kind="stable")
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    every = one.size + other.size - shared
    return shared / every if every else 0.0


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    end = next((place for place, line in enumerate(lines) if place and _CONTACT.fullmatch(line)), len(lines))
    return lines[:end]


def _shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of all runs of five characters, by arithmetic that is the same everywhere."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if codes.size == 0:
        return codes
    if codes.size < SHINGLE:
        codes = np.pad(codes, (0, SHINGLE - codes.size))
    hashed = np.convolve(codes, _POWERS, "valid")
    hashed ^= hashed >> np.uint64(29)
    hashed *= np.uint64(0xBF58476D1CE4E5B9)
    hashed ^= hashed >> np.uint64(32)
    hashed.sort()
    # numpy.unique counts by a hash table and takes ten times as long for a thousand numbers.
    return hashed[np.concatenate(([True], hashed[1:] != hashed[:-1]))]
