"""The files a page needs, read once at the start: style, scripts, the map. Nothing comes from elsewhere."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same compressed, and the beginning of its digest."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str


@lru_cache(maxsize=1)
def assets() -> dict[str, Asset]:
    """Every file of `static/` by its path there; a name that is not here cannot be asked for."""
    return dict(sorted(_walk(resources.files("web") / "static", "")))


def address(name: str) -> str:
    """Where a file is served; the digest in it lets browsers keep it for ever."""
    return f"/static/{name}?v={assets()[name].digest}"


@lru_cache(maxsize=1)
def edition() -> str:
    """A digest of all that shapes a page besides the archive: templates, words, style, code."""
    seen = hashlib.sha256()
    for name, body in sorted(_bytes(resources.files("web"), "")):
        if name.endswith((".py", ".html", ".toml", ".css", ".js")):
            seen.update(name.encode() + b"\0" + body)
    return seen.hexdigest()[:16]


def _walk(folder: Traversable, before: str) -> list[tuple[str, Asset]]:
    found = []
    for name, body in _bytes(folder, before):
        media_type = MEDIA_TYPES.get("." + name.rpartition(".")[2], MEDIA_TYPES[".txt"])
        digest = hashlib.sha256(body).hexdigest()[:12]
        found.append((name, Asset(body, gzip.compress(body, 9, mtime=0), media_type, digest)))
    return found


def _bytes(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found = []
    for one in folder.iterdir():
        if one.is_dir():
            found += _bytes(one, f"{before}{one.name}/")
        else:
            found.append((before + one.name, one.read_bytes()))
    return found
