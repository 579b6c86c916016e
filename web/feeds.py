"""The Atom feeds that the alerts room writes, served as they lie there."""

import re
from pathlib import Path

from web.asked import NotHere
from web.room import Room

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


def names(room: Room) -> tuple[str, ...]:
    """The feeds there are; `all` and `jcm` first."""
    found = sorted(one.stem for one in room.feeds.glob("*.atom") if _NAME.fullmatch(one.stem))
    return tuple(sorted(found, key=lambda name: (name != "all", name != "jcm")))


def read(room: Room, name: str) -> bytes:
    """One feed; `NotHere` if there is none of that name."""
    if not _NAME.fullmatch(name):
        raise NotHere(name)
    path: Path = room.feeds / f"{name}.atom"
    try:
        return path.read_bytes()
    except OSError:
        raise NotHere(name) from None
