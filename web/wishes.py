"""How an answer is wanted: which format, in which language, and what the asker holds already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from web import assets, formats, words
from web.places import Place
from web.room import Room

UI: Final = "ui"
"""What a visitor who chooses a language adds to any address."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the answer is wanted: which format, in which language, of which address, compressed or not."""

    kind: str
    ui: str
    base: str
    path: str
    query: Mapping[str, str]
    packed: bool = False

    def tags(self, states: tuple[str, ...], feed_names: tuple[str, ...]) -> tuple[str, ...]:
        """What stands for the answer, by each name of the archive's state.

        Changes when the file, the program or the question does.
        """
        return tuple(self._tag(state, feed_names) for state in states)

    def _tag(self, state: str, feed_names: tuple[str, ...]) -> str:
        parts = [
            state,
            assets.edition(),
            self.kind,
            self.ui,
            self.base,
            self.path,
            sorted(self.query.items()),
        ]
        return hashlib.sha256(repr([*map(str, parts), feed_names]).encode()).hexdigest()[:32]


def read_wish(request: Request, place: Place, room: Room, kind: str | None) -> Wish | None:
    """How the answer is wanted; None if no format that is offered is accepted.

    What others add to addresses, such as where a visitor came from, is no part of a page: it would be carried
    into its links, and fill the memory with copies of one answer.
    """
    chosen = kind or formats.wanted(request.headers.get("accept", ""), place.formats)
    if chosen is None:
        return None
    query = dict(request.query_params)
    if chosen == "html":
        names = {UI, *(one.name for one in place.parameters)}
        query = {name: value for name, value in query.items() if name in names}
    return Wish(
        kind=chosen,
        ui=language(request, room),
        base=base_of(request, room),
        path=request.url.path.removesuffix(f".{kind}") if kind else request.url.path,
        query=query,
        packed="gzip" in request.headers.get("accept-encoding", ""),
    )


def form(request: Request) -> str:
    """How to say what went wrong: a program that asked for a table must not be handed a page."""
    if request.url.path.endswith((".json", ".csv", ".parquet")):
        return "json"
    return formats.wanted(request.headers.get("accept", ""), ("html", "json")) or "json"


def language(request: Request, room: Room) -> str:
    """The language of the interface for this request."""
    kept = request.cookies.get(UI)
    accepted = request.headers.get("accept-language", "")
    return words.choose(request.query_params.get(UI), kept, accepted, room.lang)


def base_of(request: Request, room: Room) -> str:
    """Scheme and host of our addresses; the host was checked by `guard`."""
    return room.public_url or f"{request.url.scheme}://{request.headers.get('host', 'localhost')}"


def holds(request: Request, tag: str) -> bool:
    """Whether the asker says that it holds this answer."""
    given = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") == f'"{tag}"' for one in given.split(","))
