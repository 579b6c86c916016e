"""The SQL page, where it is open.

A query may come as the body of a POST as well: an address holds little Japanese, and is logged on its way.
A POST reads like a GET; there is nothing here that it could change.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from extractors.errors import Stop, Transient, Usage
from web import answering, asking, feeds, formats, render, wishes
from web.answering import Counter
from web.asking import Text
from web.guard import LONGEST_TARGET
from web.sql.ask import ask

QUERY: Final = Text("query", "One SELECT statement.", 8_000)
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
# The longest query as a form: three bytes for each of nine characters of an escaped kanji.
LONGEST_BODY: Final = 9 * QUERY.longest + 1_000


async def answer(request: Request, *, counter: Counter, kind: str) -> Response:
    """The form, and below it what a query gives; as JSON the answer alone."""
    room = counter.room
    query = ""
    try:
        query = str(asking.read(await given(request), (QUERY,)).get("query", ""))
        work = partial(ask, str((room.data / "archive.duckdb").resolve()), query, room.limits)
        found = await run_sync(work, limiter=counter.gate()) if query or kind == "json" else None
    except (Usage, Transient, Stop) as error:
        status = answering.status_of(error)
        if kind == "json" or not query:
            return answering.problem(request, room, status, str(error), kind=kind)
        return _page(request, counter, {"query": query, "found": None, "wrong": str(error)}, status)
    if kind == "json":
        body = formats.as_json((found or {}) | {"source": formats.CREDIT})
        return Response(body, media_type=JSON, headers={"cache-control": "no-store"})
    return _page(request, counter, {"query": query, "found": found, "wrong": None})


async def given(request: Request) -> Mapping[str, str]:
    """The values of the address, or of a POST's form or JSON object; `Usage` for any other body."""
    if request.method != "POST":
        return request.query_params
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request)
    try:
        if form == JSON:
            return _texts(json.loads(body))
        if form == FORM:
            return dict(parse_qsl(body.decode(), errors="strict", max_num_fields=20))
    except (ValueError, RecursionError):
        raise Usage(f"the body is not what it says it is: {form}") from None
    raise Usage(f"found a body of {form[:60] or 'no type'!r}, expected {FORM} or {JSON}")


async def _body(request: Request) -> bytes:
    """The body, read no further than the longest query needs, whatever length it claims."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_BODY:
            raise Usage(f"the body is longer than {LONGEST_BODY} bytes")
    return bytes(body)


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not isinstance(value.get("query", ""), str):
        raise Usage('expected a JSON object as {"query": "SELECT …"}')
    return {"query": value.get("query", "")}


def _page(request: Request, counter: Counter, view: Mapping[str, Any], status: int = 200) -> Response:
    ui = wishes.language(request, counter.room)
    body = render.sql(counter.room, ui, feeds.names(counter.room), {**view, "address": _link(view["query"])})
    return Response(body, status, {"cache-control": "no-store"}, media_type="text/html")


def _link(query: str) -> str | None:
    """The address that asks the same, where an address has room for it."""
    address = f"/sql?{urlencode({'query': query})}"
    return address if query and len(address) < LONGEST_TARGET else None
