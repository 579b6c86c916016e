"""Addresses that are no pages: static files, feeds, raw captures, time gates and maps, OpenAPI."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from extractors.errors import Stop, Transient, Usage
from sources import Site
from web import answering, assets, feeds, memento, openapi, raw, wishes
from web.answering import Counter
from web.asked import Asked, NotHere
from web.bounded import Desk
from web.query import release as query

T = TypeVar("T")
FOR_EVER = "public, max-age=31536000, immutable"


async def static(request: Request, *, counter: Counter) -> Response:
    """A file of `static/`."""
    return _file(request, counter, request.path_params["name"])


async def icon(request: Request, *, counter: Counter) -> Response:
    """The icon where browsers look for it by themselves, beside answers that are no pages and name none."""
    return _file(request, counter, "icon.svg")


def _file(request: Request, counter: Counter, name: str) -> Response:
    asset = assets.assets().get(name)
    if asset is None:
        return answering.problem(request, counter.room, 404, "no such file", kind="json")
    headers = {"etag": f'"{asset.digest}"', "vary": "Accept-Encoding", "content-type": asset.media_type}
    known = request.query_params.get("v") == asset.digest
    headers["cache-control"] = FOR_EVER if known else "no-cache"
    if wishes.holds(request, asset.digest):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers=headers | {"content-encoding": "gzip"})
    return Response(asset.body, headers=headers)


async def feed(request: Request, *, counter: Counter) -> Response:
    """An Atom feed."""
    try:
        body = await run_sync(feeds.read, counter.room, request.path_params["name"])
    except NotHere as error:
        return answering.problem(request, counter.room, 404, f"no feed {error}", kind="html")
    return _whole(request, body, {"content-type": "application/atom+xml", "cache-control": "no-cache"})


def _whole(request: Request, body: bytes, headers: Mapping[str, str]) -> Response:
    """A body named by its own digest; not sent again to who holds it, as readers of feeds do."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    named = {**headers, "etag": f'"{tag}"'}
    if wishes.holds(request, tag):
        return Response(status_code=304, headers={"etag": named["etag"], "cache-control": "no-cache"})
    return Response(body, headers=named)


async def document(request: Request, *, counter: Counter) -> Response:
    """The OpenAPI document."""
    body = openapi.document(wishes.base_of(request, counter.room), sql=counter.room.sql)
    return _whole(request, body, {"content-type": "application/json", "cache-control": "no-cache"})


async def download(request: Request, *, counter: Counter) -> Response:
    """The bytes of a capture."""
    found = await _ask(request, counter, raw.payload)
    if isinstance(found, Response):
        return found
    return _whole(request, *found)


async def timegate(request: Request, *, counter: Counter) -> Response:
    """Leads to the version that held at the moment of the Accept-Datetime header; without one to the last."""
    found = await _ask(request, counter, _versions)
    if isinstance(found, Response):
        return found
    original, rows = found
    try:
        given = request.headers.get("accept-datetime")
        moment: datetime | None = memento.read_http_date(given) if given else None
    except Usage as error:
        return answering.problem(request, counter.room, 400, str(error), kind="html")
    base = wishes.base_of(request, counter.room)
    headers = {"vary": "Accept-Datetime", "link": ", ".join(memento.gates(base, original))}
    return RedirectResponse(base + memento.place(query.nearest(rows, moment)), 302, headers)


async def timemap(request: Request, *, counter: Counter) -> Response:
    """Every version that stood at an address of the Ministry."""
    found = await _ask(request, counter, _versions)
    if isinstance(found, Response):
        return found
    original, rows = found
    body = memento.timemap(wishes.base_of(request, counter.room), original, rows)
    return Response(body, media_type="application/link-format")


async def named(request: Request, *, counter: Counter, suffix: str = "") -> Response:
    """Leads from the name of the Ministry's page, as `moej show` takes it, to the release's own address."""
    found = await _ask(request, counter, query.by_page_name, kind=wishes.form(request))
    if isinstance(found, Response):
        return found
    place = URL(f"{wishes.base_of(request, counter.room)}/releases/{found}{suffix}")
    headers = {"cache-control": "no-cache"}
    return RedirectResponse(place.replace(query=request.url.query), 302, headers)


def _versions(asked: Asked) -> tuple[str, list[dict[str, Any]]]:
    original = _original(asked)
    rows = query.mementos(asked, original)
    if not rows:
        raise NotHere(f"no version of {original}")
    return original, rows


def _original(asked: Asked) -> str:
    """The canonical address of the Ministry that stands behind the slash of a time gate, in any spelling."""
    try:
        return Site().canonical(asked.path["original"])
    except (ValueError, Usage):
        raise NotHere(asked.path["original"]) from None


async def _ask(
    request: Request, counter: Counter, work: Callable[[Asked], T], *, kind: str = "html"
) -> T | Response:
    try:
        return await run_sync(partial(_with_desk, request, counter, work), limiter=counter.gate())
    except (NotHere, Usage, Transient, Stop) as error:
        status = answering.status_of(error)
        return answering.problem(request, counter.room, status, str(error), kind=kind)


def _with_desk(request: Request, counter: Counter, work: Callable[[Asked], T]) -> T:
    with counter.readers.borrow() as (snapshot, db):
        desk = Desk(db, counter.room.limits.seconds)
        base = wishes.base_of(request, counter.room)
        path = dict(request.path_params)
        return work(Asked(counter.room, desk, path, {}, counter.room.lang, snapshot.memo, base))
