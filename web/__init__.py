"""The reading room: the archive in a browser and as an API, read only.

    create_app(Room(data=Path("data")))   the ASGI application
    serve(room, host=…, port=…)           answer until stopped

A request goes `guard` (host name, headers) → `wishes` (format, language) → `answering` (304, answers kept) →
a function of `pages/`, which asks the archive through `query/` → `render` or `formats`. `snapshot` follows
the file when a load replaces it, `ready` reads the new one before anybody asks, `bounded` stops what takes
too long. `places` is the table of addresses; `openapi` is written from it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from web.app import create_app, serve, server
    from web.room import Limits, Room

__all__ = ["Limits", "Room", "create_app", "serve", "server"]

_PLACES: Final = {
    "Limits": "web.room",
    "Room": "web.room",
    "create_app": "web.app",
    "serve": "web.app",
    "server": "web.app",
}


def __getattr__(name: str) -> Any:
    """Each comes in when it is asked for: the SQL worker is of this package and must start at once."""
    if name not in _PLACES:
        raise AttributeError(name)
    return getattr(import_module(_PLACES[name]), name)
