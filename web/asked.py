"""One request as a page sees it, and one page as the rest of the room sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from web.bounded import Desk
from web.memo import Memo
from web.room import Room


class NotHere(LookupError):
    """There is no such page; the message says what was looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: places in the path, values of the query, the language of the page, and the desk to ask.

    `memo` keeps what is the same for every request to this state of the archive.
    """

    room: Room
    desk: Desk
    path: Mapping[str, Any]
    values: Mapping[str, Any]
    ui: str
    memo: Memo
    base: str
    kind: str = "html"

    @property
    def as_of(self) -> datetime | None:
        """The moment whose archive is shown; None is now."""
        found = self.values.get("as_of")
        return found if isinstance(found, datetime) else None

    @property
    def current(self) -> str:
        """What to read releases from, as SQL; it takes `$as_of` where a moment was asked for."""
        return "releases_as_of($as_of)" if self.as_of else "releases"

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters that `current` needs."""
        return {"as_of": self.as_of} if self.as_of else {}


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to a request, in no format yet.

    `data` is what the JSON form says. `table` are the rows of the CSV and Parquet forms. `view` is what the
    HTML form needs besides. `canonical` is the address that names this content for good, `next` that of the
    rest of a list, both without host.
    """

    template: str
    data: Mapping[str, Any]
    canonical: str
    view: Mapping[str, Any] = field(default_factory=dict)
    table: Sequence[Mapping[str, Any]] | None = None
    columns: Sequence[str] = ()
    next: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[str] = ()
