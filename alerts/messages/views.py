"""A notice in the words of one language, ready for the templates: only text, nothing to decide any more."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale

from alerts.messages.clean import address
from alerts.messages.differences import Difference
from alerts.messages.notices import Notice

_FLAG: Final = 0x1F1E6 - ord("A")


@lru_cache(maxsize=1)
def _all_words() -> dict[str, Any]:
    return tomllib.loads((files("alerts.messages") / "words.toml").read_text(encoding="utf-8"))


def words(lang: str) -> Mapping[str, Any]:
    """The frame's words in `ja` or `en`."""
    found: Mapping[str, Any] = _all_words()[lang]
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A column that changed, by its name, and the segments of its places with how many more there are."""

    name: str
    places: tuple[tuple[Any, ...], ...]
    more: str


@dataclass(frozen=True, slots=True)
class View:
    """A release as templates show it. `lines` are pairs of label and value."""

    change: str
    title: str
    url: str
    lines: tuple[tuple[str, str], ...]
    summary: str
    evidence: tuple[str, ...]
    differences: tuple[Place, ...]
    also: tuple[tuple[str, str, str], ...]
    record: str


def view(notice: Notice, lang: str) -> View:
    """The notice in words."""
    frame = words(lang)
    version = f" v{notice.version}" if notice.version else ""
    return View(
        change=frame["change"][notice.change],
        title=notice.title,
        url=address(notice.url),
        lines=tuple(_lines(notice, lang)),
        summary=notice.summary if notice.held else frame["gone"],
        evidence=notice.evidence,
        differences=tuple(_place(one, frame) for one in notice.differences),
        also=tuple((other.lang, other.title, address(other.url)) for other in notice.also),
        record=f"{notice.release_id}{version}",
    )


def _lines(notice: Notice, lang: str) -> list[tuple[str, str]]:
    frame = words(lang)
    found = [
        (frame["published"], day(notice.published_on, lang)),
        (frame["kind"], frame["kinds"].get(notice.kind, notice.kind) if notice.kind else ""),
        (frame["countries"], countries(notice.countries, lang)),
        (frame["credits"], f"{number(notice.tonnes)} {frame['tonnes']}" if notice.tonnes is not None else ""),
        (frame["projects"], number(notice.projects)),
        (frame["partners"], number(notice.partner_count)),
        (frame["rule"], ", ".join(notice.rules)),
    ]
    return [(label, value) for label, value in found if value]


def _place(one: Difference, frame: Mapping[str, Any]) -> Place:
    more = frame["more"].format(count=one.more) if one.more else ""
    return Place(frame["fields"][one.column], one.places, more)


def day(value: date | None, lang: str) -> str:
    """A day as it is written: 2026年6月11日, or 11 June 2026."""
    if value is None:
        return ""
    if lang == "ja":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {Locale('en').months['format']['wide'][value.month]} {value.year}"


def countries(codes: Sequence[str], lang: str) -> str:
    """Countries by flag and name."""
    names = Locale(lang).territories
    return ", ".join(f"{flag(code)} {names.get(code, code)}" for code in codes)


def flag(code: str) -> str:
    """The flag of a country by its two letters; empty for anything else."""
    if len(code) == 2 and code.isascii() and code.isupper():  # noqa: PLR2004 - ISO 3166 alpha-2
        return "".join(chr(_FLAG + ord(letter)) for letter in code)
    return ""


def number(value: float | None) -> str:
    """A number with separators, without a tail of zeros."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.10g}"
