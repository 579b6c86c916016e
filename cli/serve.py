"""`moej serve`: open the reading room over the archive."""

from pathlib import Path
from typing import Annotated

import typer

from cli.context import Context, err
from extractors.errors import Usage

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def serve(  # noqa: PLR0913 - the options of the command
    ctx: typer.Context,
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than loopback are reached by anybody.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8088,
    sql: Annotated[bool, typer.Option("--sql", help="Open the page for SQL, within limits.")] = False,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Another host name to answer to; repeat it.")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address in permanent links, where a proxy stands before it.")
    ] = None,
) -> None:
    """Open the reading room: the archive in a browser and as an API, read only."""
    context: Context = ctx.obj
    from web import Room
    from web import serve as run

    settings = context.settings
    room = Room(
        data=Path(settings.data),
        lake=settings.lake,
        lang=settings.lang,
        sql=sql,
        hosts=_hosts(host, allow_host or []),
        public_url=_public(public_url),
        raw=settings.log,
        raw_url=settings.raw_url,
    )
    try:
        run(room, host=host, port=port, on_ready=lambda address: _ready(context, address))
    except OSError as error:
        raise Usage(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --port, or an own --host"
        ) from error


def _hosts(host: str, names: list[str]) -> tuple[str, ...]:
    """Names the room answers to besides loopback: those given, and the address itself where it is one."""
    own = [] if host in LOOPBACK | {"0.0.0.0", "::"} else [host]  # noqa: S104 - compared, not listened on
    return (*own, *names)


def _public(url: str | None) -> str | None:
    if url is None:
        return None
    if not url.startswith(("http://", "https://")):
        raise Usage(f"--public-url: found {url!r}, expected an address as https://moej.example.org")
    return url.rstrip("/")


def _ready(context: Context, address: str) -> None:
    if context.as_json:
        context.emit({"address": address})
    else:
        err().print(f"The reading room is open at {address} (Ctrl-C closes it)")
