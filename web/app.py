"""The application: which address leads where, and the server around it."""

import re
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

import uvicorn
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web import answering, extras, render
from web.answering import Counter
from web.guard import Guard
from web.kept import Kept
from web.places import PLACES
from web.ready import Ready
from web.room import Room
from web.snapshot import Readers
from web.sql import page as sql_page


class _Name(Convertor[str]):
    """A name in an address: no dot, so that `.json` after it is a format."""

    regex = "[A-Za-z0-9:_-]{1,100}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _ReleaseId(_Name):
    regex = "[0-9]{8}-[A-Za-z0-9_-]{1,100}"


class _Small(Convertor[int]):
    regex = "[0-9]{1,5}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


class _Pair(Convertor[tuple[int, int]]):
    regex = r"[0-9]{1,5}\.\.[0-9]{1,5}"

    def convert(self, value: str) -> tuple[int, int]:
        old, _, new = value.partition("..")
        return int(old), int(new)

    def to_string(self, value: tuple[int, int]) -> str:
        return f"{value[0]}..{value[1]}"


_KINDS: Final[Mapping[str, tuple[str, Convertor[Any]]]] = {
    "release_id": ("release_id", _ReleaseId()),
    "version": ("small", _Small()),
    "pair": ("pair", _Pair()),
    "capture_id": ("name", _Name()),
    "run_id": ("name", _Name()),
}
for _key, _convertor in _KINDS.values():
    register_url_convertor(_key, _convertor)


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
        path = re.sub(r"{(\w+)}", lambda found: f"{{{found[1]}:{_KINDS[found[1]][0]}}}", place.path)
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
    response = answering.problem(
        request, counter.room, status, request.url.path, kind=answering.form(request)
    )
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


async def _broken(counter: Counter, request: Request, error: Exception) -> Response:
    """The log says what broke; the visitor is not told the inside of the house."""
    del error
    return answering.problem(request, counter.room, 500, request.url.path, kind=answering.form(request))


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
