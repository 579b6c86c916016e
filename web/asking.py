"""What a visitor may ask of a page, declared once, for the reader of the query string and for OpenAPI.

An empty value is as good as none, because a browser sends every field of a form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from extractors.errors import Usage
from extractors.site import JAPAN


@dataclass(frozen=True, slots=True)
class Text:
    """Free text of at most `longest` characters."""

    name: str
    about: str
    longest: int = 200

    def read(self, given: str) -> str:
        """The text; `Usage` if it is too long or holds what no text holds."""
        if len(given) > self.longest:
            raise Usage(f"{self.name}: {len(given)} characters; at most {self.longest} are taken")
        if "\x00" in given or any("\ud800" <= one <= "\udfff" for one in given):
            raise Usage(f"{self.name}: not a text")
        return given

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    name: str
    about: str
    words: tuple[str, ...]

    def read(self, given: str) -> str:
        """The word; `Usage` with those there are."""
        if given not in self.words:
            raise Usage(f"{self.name}: found {given[:40]!r}, expected one of {', '.join(self.words)}")
        return given

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "string", "enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds."""

    name: str
    about: str
    least: int
    most: int

    def read(self, given: str) -> int:
        """The number; `Usage` outside the bounds."""
        if not re.fullmatch(r"[0-9]{1,9}", given) or not self.least <= int(given) <= self.most:
            raise Usage(f"{self.name}: found {given[:40]!r}, expected {self.least} to {self.most}")
        return int(given)

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Day:
    """A day, `2025-07-01`."""

    name: str
    about: str

    def read(self, given: str) -> date:
        """The day; `Usage` if it is none."""
        return _day(self.name, given)

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time: a day means its end in Japan, which is what "as of 1 July" means to a reader."""

    name: str
    about: str

    def read(self, given: str) -> datetime:
        """The moment in UTC; `Usage` if it is none. A time without offset is Japan's."""
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
                return datetime.combine(_day(self.name, given), time.max, JAPAN).astimezone(UTC)
            # A plus sign in a query string arrives as a blank unless it was escaped.
            found = datetime.fromisoformat(re.sub(r" (\d{2}:\d{2})$", r"+\1", given))
            found = found if found.tzinfo else found.replace(tzinfo=JAPAN)
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Usage(
                f"{self.name}: found {given[:40]!r}, expected 2025-07-01 or 2025-07-01T09:00+09:00"
            ) from None

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166 alpha-2 code."""

    name: str
    about: str

    def read(self, given: str) -> str:
        """The code in capitals; `Usage` if it cannot be one."""
        if not re.fullmatch(r"[A-Za-z]{2}", given):
            raise Usage(f"{self.name}: found {given[:40]!r}, expected two letters as MN or TH")
        return given.upper()

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        return {"type": "string", "pattern": "^[A-Za-z]{2}$"}


Parameter = Text | Choice | Number | Day | Moment | Country
Value = str | int | date | datetime


def read(given: Mapping[str, str], parameters: Sequence[Parameter]) -> dict[str, Value]:
    """The values asked for by name; what was not given is not there. `Usage` for the first that is wrong."""
    return {one.name: one.read(value) for one in parameters if (value := given.get(one.name, "").strip())}


def refuse_others(
    given: Mapping[str, str], parameters: Sequence[Parameter], *, besides: Sequence[str]
) -> None:
    """`Usage` for a name that is no parameter: a program that misspells a filter would be given all rows."""
    names = [one.name for one in parameters]
    for name in given:
        if name not in {*names, *besides}:
            raise Usage(f"found the parameter {name[:40]!r}, expected {', '.join(names) or 'none'}")


def _day(name: str, given: str) -> date:
    wrong = Usage(f"{name}: found {given[:40]!r}, expected a day as 2025-07-01")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise wrong
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise wrong from None
