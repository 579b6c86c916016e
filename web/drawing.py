"""The charts of the JCM page without a server, for `moej chart`."""

from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse import Lake
from web import charts, words
from web.asked import Asked
from web.bounded import Desk
from web.query import jcm
from web.room import Room
from web.snapshot import Readers

SECONDS = 60.0


def specifications(
    data: Path, *, lang: str, as_of: datetime | None = None, lake: Lake | None = None
) -> dict[str, Any]:
    """Every chart as a Vega-Lite specification by its name, from the archive under `data` or in a lake.

    Links lead nowhere outside the reading room and are left out.
    """
    room = Room(data, lake, lang)
    readers = Readers(room.archive, room.limits)
    values = {"as_of": as_of} if as_of else {}
    try:
        with readers.borrow() as (snapshot, db):
            asked = Asked(room, Desk(db, SECONDS), {}, values, lang, snapshot.memo, "")
            found = jcm.everything(asked)
    finally:
        readers.close()
    naming = charts.Naming(lambda name: words.say(lang, name), lambda code: words.country(lang, code))
    made = charts.all_of(found, naming, {})
    for one in made.values():
        _unlink(one)
    return made


def _unlink(part: dict[str, Any]) -> None:
    """Take the addresses out of a specification and of what is layered in it."""
    part.get("encoding", {}).pop("href", None)
    for value in part.get("data", {}).get("values", ()):
        value.pop("href", None)
    for inner in part.get("layer", ()):
        _unlink(inner)
