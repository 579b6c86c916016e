"""The SQL page, where it is open."""

from functools import partial

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from extractors.errors import Stop, Transient, Usage
from web import answering, asking, feeds, formats, render
from web.answering import Counter
from web.asking import Text
from web.sql.ask import ask

QUERY = Text("query", "One SELECT statement.", 8_000)


async def answer(request: Request, *, counter: Counter, kind: str) -> Response:
    """The form, and below it what a query gives; as JSON the answer alone."""
    room = counter.room
    try:
        query = str(asking.read(request.query_params, (QUERY,)).get("query", ""))
        work = partial(ask, str(room.archive.resolve()), query, room.limits)
        found = await run_sync(work, limiter=counter.gate()) if query or kind == "json" else None
    except (Usage, Transient, Stop) as error:
        status = next(code for kind_of, code in answering.STATUS.items() if isinstance(error, kind_of))
        if kind == "json" or not request.query_params.get("query"):
            return answering.problem(request, room, status, str(error), kind=kind)
        return _page(request, counter, request.query_params["query"][:8_000], None, str(error), status)
    if kind == "json":
        body = formats.as_json((found or {}) | {"source": formats.CREDIT})
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})
    return _page(request, counter, query, found, None, 200)


def _page(  # noqa: PLR0913, PLR0917 - what the page shows
    request: Request, counter: Counter, query: str, found: object, wrong: str | None, status: int
) -> Response:
    ui = answering.language(request, counter.room)
    body = render.sql(
        counter.room, ui, feeds.names(counter.room), {"query": query, "found": found, "wrong": wrong}
    )
    return Response(body, status, {"cache-control": "no-store"}, media_type="text/html")
