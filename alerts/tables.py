"""Taking values out of a TOML table one by one, so that what is left over is a mistake and is said."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from extractors.errors import Usage

_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
# One plain address: no display name, no comment, nothing that could break a header.
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


@dataclass(slots=True)
class Table:
    """A table and where it stands; each call takes one key, `done` complains of the keys nobody took."""

    given: Mapping[str, Any]
    place: str
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Refuse what is no table at all."""
        if not isinstance(self.given, Mapping):
            raise self.wrong("found no table")

    def wrong(self, what: str) -> Usage:
        """The error for something in this table."""
        return Usage(f"moej.toml, {self.place}: {what}")

    def _take(self, key: str) -> Any:
        self.taken.add(key)
        return self.given.get(key)

    def text(self, key: str, *, default: str | None = None) -> str:
        """A string that is not blank."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f"{key} = {value!r}; expected some text")
        return value

    def word(self, key: str, among: Sequence[str], *, default: str | None) -> str:
        """One of a set of words."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if value not in among:
            raise self.wrong(f"{key} = {value!r}; expected {_either(among)}")
        return str(value)

    def words(
        self, key: str, among: Sequence[str], *, default: tuple[str, ...], empty: bool = False
    ) -> tuple[str, ...]:
        """A list of words of a set, once each."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, list) or (not value and not empty):
            raise self.wrong(f"{key} = {value!r}; expected a list of {_either(among)}")
        for one in value:
            if one not in among:
                raise self.wrong(f"{key} names {one!r}; expected {_either(among)}")
        return tuple(dict.fromkeys(str(one) for one in value))

    def flag(self, key: str) -> bool:
        """True or false; false if not given."""
        value = self._take(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.wrong(f"{key} = {value!r}; expected true or false")
        return value

    def number(self, key: str, *, default: float, low: float, high: float) -> float:
        """A number within bounds."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(f"{key} = {value!r}; expected a number from {low:g} to {high:g}")
        return value

    def clock(self, key: str, *, default: time) -> time:
        """A time of day, as "08:00" or as TOML's own."""
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, time):
            return value
        try:
            return time.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(f'{key} = {value!r}; expected a time of day such as "08:00"') from None

    def variable(self, key: str, *, needed: bool) -> str:
        """The name of an environment variable."""
        value = self._take(key)
        if not isinstance(value, str) or not _VARIABLE.fullmatch(value):
            # Somebody may have put the secret itself here, so it is not shown.
            state = "is not one" if value is not None else "is missing" if needed else "is empty"
            raise self.wrong(f"{key} {state}: expected the name of an environment variable, MOEJ_CHANNEL_…")
        return value

    def address(self, key: str) -> str:
        """One e-mail address."""
        return self._address(key, self._take(key))

    def addresses(self, key: str) -> tuple[str, ...]:
        """One e-mail address or a list of them."""
        value = self._take(key)
        many = value if isinstance(value, list) and value else [value]
        return tuple(self._address(key, one) for one in many)

    def _address(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
            raise self.wrong(f"{key} = {value!r}; expected an e-mail address such as jcm@example.org")
        return value

    def done(self) -> None:
        """Nothing may be left over: a misspelt key would silently do nothing."""
        left = sorted(set(self.given) - self.taken)
        if left:
            raise self.wrong(f"unknown key {left[0]!r}; there are: {', '.join(sorted(self.taken))}")


def _either(among: Sequence[str]) -> str:
    return " or ".join(among) if among else "nothing: no channel is set up"
