"""What a query may have meant that names a field or a category there is not.

Such a query is answered as it is typed: `TEL:03` may stand in a text, and a category may come tomorrow. But
hits, or none, of a slip of the pen would be taken for what the archive holds.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.search.folding import fold_line
from warehouse.search.query import FIELDS, straight, tokens

_NAMED: Final = re.compile(r"(-?)([A-Za-z]+):(?!//)(.*)", re.DOTALL)
_CATEGORIES: Final = """
SELECT category FROM (SELECT unnest(categories) AS category FROM {releases})
GROUP BY category ORDER BY count(*) DESC, category LIMIT 300
"""
_TOLD: Final = 12
"""Categories named in a hint: the most used, for one line."""
_Slip = tuple[str, tuple[str, ...], str | None]
"""What was given, what is known, and what of that may be meant."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What was `given` that is not among the `known`, and the whole query as it may have been meant."""

    given: str
    known: tuple[str, ...]
    instead: str | None

    @property
    def is_field(self) -> bool:
        """Whether a field is unknown, which was looked for as a word; else a category."""
        return self.given.index(":") == len(self.given) - 1

    def __str__(self) -> str:
        """The hint in one line."""
        what = "no field: looked for as a word" if self.is_field else "no category of any release"
        meant = f"; did you mean {self.instead}" if self.instead else ""
        return f"{self.given} is {what}{meant}; there are {', '.join(self.known) or 'none'}"


def hints(
    con: DuckDBPyConnection, typed: str, *, found: bool, at: datetime | None = None
) -> tuple[Hint, ...]:
    """A hint for each unknown field or category of a query that may be a slip; `at` as in `search_at`.

    Where the query `found` something, a field that is like none of ours stands in a text and is no slip.
    """
    return tuple(_hints(con, straight(typed), at, found=found))


def _hints(con: DuckDBPyConnection, typed: str, at: datetime | None, *, found: bool) -> Iterator[Hint]:
    every = tokens(typed)
    for place, token in enumerate(every):
        named = _NAMED.fullmatch(token)
        slip = named and (_field(named[2], named[3], found=found) or _category(con, named[2], named[3], at))
        if named and slip:
            given, known, meant = slip
            instead = " ".join([*every[:place], named[1] + meant, *every[place + 1 :]]) if meant else None
            yield Hint(given, known, instead)


def _field(field: str, value: str, *, found: bool) -> _Slip | None:
    if field.lower() in FIELDS:
        return None
    close = get_close_matches(field.lower(), FIELDS, 1)
    if found and not close:
        return None
    return f"{field}:", tuple(f"{one}:" for one in FIELDS), f"{close[0]}:{value}" if close else None


def _category(con: DuckDBPyConnection, field: str, value: str, at: datetime | None) -> _Slip | None:
    wanted = fold_line(value.replace('"', ""))
    if field.lower() != "category" or not wanted:
        return None
    categories = {fold_line(one): one for one in _categories(con, at)}
    if wanted in categories:
        return None
    like = _like(wanted, categories)
    meant = f'category:"{categories[like]}"' if like else None
    return f"category:{value}", tuple(categories.values())[:_TOLD], meant


def _categories(con: DuckDBPyConnection, at: datetime | None) -> list[str]:
    """Every category of the releases at that moment, the most used first."""
    sql = _CATEGORIES.format(releases="releases_as_of($at)" if at else "releases")
    return [row[0] for row in con.execute(sql, {"at": at} if at else {}).fetchall()]


def _like(wanted: str, known: Iterable[str]) -> str | None:
    """The one that contains it, for few letters of 水・土壌 are those of 水; or the closest."""
    containing = next((one for one in known if wanted in one), None)
    return containing or next(iter(get_close_matches(wanted, known, 1)), None)
