"""From a request to an answer: what was answered before, or what the archive says now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from extractors.errors import Stop, Transient, Usage
from web import asking, feeds, formats, memento, render, words
from web.asked import Asked, NotHere, Page
from web.bounded import Desk, TooLong
from web.kept import Answer, Kept, pack
from web.places import Place
from web.room import Room
from web.snapshot import Readers, Snapshot
from web.wishes import UI, Wish, holds, language, read_wish

VARY: Final = "Accept, Accept-Encoding, Accept-Language, Cookie"
_STATUS: Final[Mapping[type[Exception], int]] = {NotHere: 404, Usage: 400, Transient: 503, Stop: 503}
YEAR: Final = 365 * 24 * 3600


@dataclass(slots=True)
class Counter:
    """What answering needs for as long as the room is open."""

    room: Room
    readers: Readers
    kept: Kept
    limiter: anyio.CapacityLimiter | None = field(default=None)

    def gate(self) -> anyio.CapacityLimiter:
        """Lets so many questions reach the database at once; the rest wait their turn."""
        if self.limiter is None:
            self.limiter = anyio.CapacityLimiter(self.room.limits.at_once)
        return self.limiter


async def answer(request: Request, *, place: Place, counter: Counter, kind: str | None = None) -> Response:
    """The page of `place`; `kind` where the address ends in a format."""
    wish = read_wish(request, place, counter.room, kind)
    if wish is None:
        return problem(request, counter.room, 406, f"there is {', '.join(place.formats)}", kind="json")
    try:
        names = feeds.names(counter.room)
        stamp = counter.readers.stamp()
        tags = wish.tags(counter.readers.names(stamp), names)
        if any(holds(request, tag) for tag in tags):
            return Response(
                status_code=304, headers={"etag": f'W/"{tags[0]}"', "vary": VARY, "cache-control": "no-cache"}
            )
        kept = counter.kept.get(tags[-1])
        if kept and wish.packed and not kept.packed:
            counter.kept.put(tags[-1], kept := pack(kept))
        work = partial(_make, place, counter, wish, dict(request.path_params), names)
        found, tag = (kept, tags[0]) if kept else await run_sync(work, limiter=counter.gate())
    except (NotHere, Usage, Transient, Stop) as error:
        said = _said(error, place, counter.room, wish)
        return problem(request, counter.room, status_of(error), said, kind=wish.kind)
    return send(request, found, tag, packed=wish.packed)


def _said(error: Exception, place: Place, room: Room, wish: Wish) -> str:
    """What went wrong; to people in their language where they can do something about it."""
    if wish.kind != "html" or not isinstance(error, TooLong):
        return str(error)
    name = "search_too_long" if place.name == "search" else "error_too_long"
    return words.say(wish.ui, name, seconds=f"{room.limits.seconds:g}")


def status_of(error: NotHere | Usage | Transient | Stop) -> int:
    """The HTTP status that says what went wrong."""
    return next(status for kind, status in _STATUS.items() if isinstance(error, kind))


def send(request: Request, found: Answer, tag: str, *, packed: bool) -> Response:
    """The answer as a response, compressed where the asker can read that."""
    packed = packed and bool(found.packed)
    headers = {"etag": f'W/"{tag}"', "vary": VARY, "cache-control": "no-cache"} | dict(found.headers)
    if packed:
        headers["content-encoding"] = "gzip"
    response = Response(found.packed if packed else found.body, found.status, headers)
    wished = request.query_params.get(UI)
    if wished in words.LANGUAGES:
        response.set_cookie(UI, wished, max_age=YEAR, httponly=True, samesite="lax", path="/")
    return response


def problem(request: Request, room: Room, status: int, message: str, *, kind: str) -> Response:
    """Something went wrong: said as a page to people and as JSON to programs."""
    headers = {"cache-control": "no-store", "vary": VARY}
    if status == 503:  # noqa: PLR2004 - Service Unavailable
        headers["retry-after"] = "5"
    if kind != "html":
        body = formats.as_json({"status": status, "error": message})
        return Response(body, status, headers, media_type="application/json")
    page = render.error(room, language(request, room), status, message, feeds.names(room))
    return Response(page, status, headers, media_type="text/html")


def _make(
    place: Place, counter: Counter, wish: Wish, path: dict[str, Any], names: tuple[str, ...]
) -> tuple[Answer, str]:
    """Ask the archive, write the answer, keep it; with the tag of the file that was really read."""
    with counter.readers.borrow() as (snapshot, db):
        asked = _asked(place, counter.room, wish, path, snapshot, Desk(db, counter.room.limits.seconds))
        page = place.make(asked)
    found = Answer(_body(asked, page, wish, names), _headers(asked, page, wish))
    if wish.packed:
        found = pack(found)
    tags = wish.tags(counter.readers.names(snapshot.stamp), names)
    counter.kept.put(tags[-1], found)
    return found, tags[0]


def _asked(  # noqa: PLR0913, PLR0917 - what a page is told
    place: Place, room: Room, wish: Wish, path: dict[str, Any], snapshot: Snapshot, desk: Desk
) -> Asked:
    if wish.kind != "html":
        asking.refuse_others(wish.query, place.parameters, besides=(UI,))
    values = asking.read(wish.query, place.parameters)
    path = {"path": wish.path} | path
    return Asked(room, desk, path, values, wish.ui, snapshot.memo, wish.base, wish.kind)


def _body(asked: Asked, page: Page, wish: Wish, names: tuple[str, ...]) -> bytes:
    match wish.kind:
        case "json":
            return formats.as_json(page.data)
        case "csv":
            return formats.as_csv(page)
        case "parquet":
            return formats.as_parquet(page)
        case _:
            return render.html(asked, page, feeds=names, query=wish.query)


def _headers(asked: Asked, page: Page, wish: Wish) -> dict[str, str]:
    links = [memento.link(asked.base + page.canonical, rel="canonical"), *page.links]
    if page.next:
        links.append(memento.link(asked.base + page.next, rel="next"))
    headers = {"content-type": formats.MEDIA_TYPES[wish.kind], "link": ", ".join(links)} | dict(page.headers)
    if asked.as_of and "memento-datetime" not in headers:
        headers["memento-datetime"] = memento.http_date(asked.as_of)
    if wish.kind in {"csv", "parquet"}:
        name = wish.path.strip("/").replace("/", "-") or "releases"
        headers["content-disposition"] = f'attachment; filename="{name}.{wish.kind}"'
    return headers
