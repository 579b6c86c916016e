"""The application: which address leads where, and the server around it."""

import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web import answering, extras, render, wishes
from web.answering import Counter
from web.convertors import KINDS
from web.guard import Guard
from web.kept import Kept
from web.places import PLACES
from web.ready import Ready
from web.room import Room
from web.snapshot import Readers
from web.sql import page as sql_page


def create_app(room: Room) -> Starlette:
    """The ASGI application of one reading room."""
    counter = Counter(room, Readers(room.archive, room.limits), Kept(room.limits.cached_bytes))
    ready = Ready(room, counter.readers)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        render.warm()
        await run_sync(ready.start)
        yield
        await run_sync(ready.stop)
        counter.readers.close()

    return Starlette(
        routes=[*_pages(counter), *_others(counter)],
        middleware=[Middleware(Guard, hosts=room.allowed_hosts)],
        exception_handlers={HTTPException: partial(_refused, counter), Exception: partial(_broken, counter)},
        lifespan=lifespan,
    )


def _pages(counter: Counter) -> list[Route]:
    routes = [_route("/", partial(answering.answer, place=PLACES[0], counter=counter))]
    for place in PLACES:
        path = re.sub(r"{(\w+)}", lambda found: f"{{{found[1]}:{KINDS[found[1]]}}}", place.path)
        routes += [
            _route(f"{path}.{kind}", partial(answering.answer, place=place, counter=counter, kind=kind))
            for kind in place.formats
            if kind != "html"
        ]
        routes.append(_route(path, partial(answering.answer, place=place, counter=counter)))
    return routes


def _others(counter: Counter) -> list[Route]:
    routes = [
        # After the pages: what is an id there is no name here.
        _route("/releases/{page_name:name}.json", partial(extras.named, counter=counter, suffix=".json")),
        _route("/releases/{page_name:name}", partial(extras.named, counter=counter)),
        _route("/favicon.ico", partial(extras.icon, counter=counter)),
        _route("/static/{name:path}", partial(extras.static, counter=counter)),
        _route("/feeds/{name}.atom", partial(extras.feed, counter=counter)),
        _route("/captures/{capture_id:name}/raw", partial(extras.download, counter=counter)),
        _route("/timegate/{original:path}", partial(extras.timegate, counter=counter)),
        _route("/timemap/link/{original:path}", partial(extras.timemap, counter=counter)),
        _route("/openapi.json", partial(extras.document, counter=counter)),
    ]
    if counter.room.sql:
        routes += [
            Route(
                "/sql.json", partial(sql_page.answer, counter=counter, kind="json"), methods=["GET", "POST"]
            ),
            Route("/sql", partial(sql_page.answer, counter=counter, kind="html"), methods=["GET", "POST"]),
        ]
    return routes


def _route(path: str, endpoint: Callable[[Request], Any]) -> Route:
    return Route(path, endpoint, methods=["GET"])


async def _refused(counter: Counter, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    response = answering.problem(request, counter.room, status, request.url.path, kind=wishes.form(request))
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def _broken(counter: Counter, request: Request, error: Exception) -> Response:
    """The log says what broke; the visitor is not told the inside of the house."""
    del error
    return answering.problem(request, counter.room, 500, request.url.path, kind=wishes.form(request))


def server(room: Room, *, host: str, port: int, on_ready: Callable[[str], None]) -> uvicorn.Server:
    """A server that tells `on_ready` its address once it listens; `run()` answers until told to stop."""
    config = uvicorn.Config(
        create_app(room),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Without these uvicorn loads parts that this room has no use for.
        ws="none",
        lifespan="on",
    )
    return _Server(config, on_ready)


def serve(room: Room, *, host: str, port: int, on_ready: Callable[[str], None]) -> None:
    """Answer on this address until interrupted; `OSError` where nobody can listen there."""
    # uvicorn would end the process with an exit code of its own, 3, which here means something else.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as door:
        server(room, host=host, port=port, on_ready=on_ready).run(sockets=[door])


class _Server(uvicorn.Server):
    """Tells its address, which for port 0 is known only once it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._on_ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
