"""The bytes of a capture as they came, handed out so that no browser runs them in our name."""

from collections.abc import Mapping
from typing import Any, Final

from extractors.decoding import decode
from extractors.errors import Stop
from sources import Log
from web.asked import Asked, NotHere
from web.query import release as query

LONGEST: Final = 200_000
"""Characters of a text that its page shows; the download has them all."""
HEADERS: Final = {
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


def payload(asked: Asked) -> tuple[bytes, dict[str, str]]:
    """The bytes and their headers: always a download of plain text, whatever the page said it is."""
    capture_id = asked.path["capture_id"]
    body = _held(asked, query.capture(asked, capture_id))
    name = "".join(one for one in capture_id if one.isalnum() or one in "-_")[:80]
    return body, HEADERS | {"content-disposition": f'attachment; filename="{name}.txt"'}


def source(asked: Asked, found: Mapping[str, Any]) -> str | None:
    """The beginning of a text as it came, to be shown as text; None for what is none or is not at hand."""
    media_type = found["media_type"] or ""
    if asked.room.raw_url is not None or not media_type.startswith("text/"):
        return None
    try:
        body = _held(asked, found)
    except (NotHere, Stop):
        return None
    return decode(body, found["charset"])[:LONGEST]


def _held(asked: Asked, found: Mapping[str, Any]) -> bytes:
    """The bytes of a capture, or those a revisit stands for."""
    capture_id = found["capture_id"]
    if not found["held_in"] or not found["held_bytes"]:
        raise NotHere(f"{capture_id}: no bytes are kept of it")
    if found["held_bytes"] > asked.room.limits.raw_bytes:
        raise NotHere(f"{capture_id}: {found['held_bytes']} bytes, more than this room hands out")
    try:
        return Log(asked.room.log, url=asked.room.raw_url).payload(found["held_in"], found["held_at"])
    except (OSError, Stop) as error:
        raise Stop(
            f"{capture_id}: {found['held_in']} cannot be read ({error}); `moej verify` says more"
        ) from error
