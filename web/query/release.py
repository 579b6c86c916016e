"""One release: what it says, its versions, what it belongs with, and the captures it was read from."""

from datetime import datetime
from typing import Any, Final

from extractors.errors import Stop
from warehouse.differences import ReplacedFile
from warehouse.differences.replaced import REPLACED, of_rows
from web.asked import Asked, NotHere
from web.blocks import Blocks
from web.contents import contents

_HISTORY_COLUMNS: Final = (
    "version",
    "change",
    "valid_from",
    "valid_to",
    "title",
    "capture_id",
    "content_hash",
)
_HISTORY: Final = f"""
SELECT rowid, {", ".join(_HISTORY_COLUMNS)}
FROM release_versions WHERE release_id = $id ORDER BY version
"""  # noqa: S608 - columns of ours
_BODY: Final = "SELECT body FROM release_versions WHERE release_id = $id AND version = $version LIMIT 1"
_RELATED: Final = """
WITH pairs AS (
    SELECT other_id AS id, kind, similarity FROM duplicates WHERE release_id = $id
    UNION
    SELECT release_id, kind, similarity FROM duplicates WHERE other_id = $id
)
SELECT p.id AS other_id, p.kind, max(p.similarity) AS similarity, any_value(r.release_id) AS release_id,
       any_value(r.title) AS title, any_value(r.published_on) AS published_on, any_value(r.lang) AS lang
FROM pairs p LEFT JOIN {releases} r ON r.release_id = p.id
WHERE p.id <> $id GROUP BY p.id, p.kind ORDER BY p.kind, published_on DESC, p.id LIMIT 200
"""
_NAMED: Final = """
SELECT release_id FROM releases WHERE substr(release_id, 10) = $name ORDER BY release_id DESC LIMIT 6
"""
_CAPTURES: Final = """
SELECT capture_id, url, fetched_at, status, media_type, digest, bytes, verdict, outcome, reason, change,
       version
FROM captures WHERE release_id = $id {known}
ORDER BY fetched_at DESC, sequence DESC, warc_offset DESC LIMIT 200
"""
_CAPTURE: Final = """
SELECT c.* EXCLUDE (filled), p.warc_file AS held_in, p.warc_offset AS held_at, p.bytes AS held_bytes
FROM captures c LEFT JOIN captures p ON p.capture_id = coalesce(c.reading_id, c.capture_id)
WHERE c.capture_id = $id LIMIT 1
"""


def by_page_name(asked: Asked) -> str:
    """The id of the release on the Ministry's page of this name; `NotHere` if none or several."""
    name = asked.path["page_name"]
    found = [row["release_id"] for row in asked.desk.rows(_NAMED, {"name": name})]
    if len(found) != 1:
        raise NotHere(f"{name} may mean {', '.join(found)}" if found else name)
    return str(found[0])


def version(
    asked: Asked, release_id: str, number: int | None = None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One version with every column, and all that were known at the moment asked for, oldest first.

    Without a number it is the one that held at that moment. `NotHere` if there is none.
    """
    only = None if asked.as_of else contents(asked).row_number(release_id)
    if only is not None and number in {None, 1}:
        row = _row(asked, release_id, {"rowid": only, "version": 1})
        return row, [{name: row[name] for name in _HISTORY_COLUMNS}]
    known = _known(asked, release_id)
    known = [row for row in known if not asked.as_of or row["valid_from"] <= asked.as_of]
    found = [row for row in known if number is None or row["version"] == number]
    if not found:
        raise NotHere(release_id if number is None else f"{release_id}, version {number}")
    row = _row(asked, release_id, found[-1])
    return row, [{name: one[name] for name in _HISTORY_COLUMNS} for one in known]


def _row(asked: Asked, release_id: str, known: dict[str, Any]) -> dict[str, Any]:
    blocks = asked.memo.once("blocks", lambda: Blocks(asked.room.limits.block_bytes))
    row = blocks.row(known["rowid"], asked.desk.table) | {"body": None}
    if (row["release_id"], row["version"]) != (release_id, known["version"]):
        raise Stop(f"{release_id}: the archive's rows are not numbered as expected; please report it")
    if asked.kind != "html" or not row["body_markdown"]:
        row |= asked.desk.row(_BODY, {"id": release_id, "version": row["version"]}) or {}
    return row


def whole(asked: Asked, release_id: str, number: int) -> dict[str, Any]:
    """One version with both forms of its text, to be compared."""
    found, _ = version(asked, release_id, number)
    return found | (asked.desk.row(_BODY, {"id": release_id, "version": number}) or {})


def replaced(asked: Asked, release_id: str, old: int, new: int) -> tuple[ReplacedFile, ...]:
    """The files that were replaced under the same link from one version to another."""
    first, last = sorted((old, new))
    rows = asked.desk.rows(REPLACED, {"release": release_id, "old": first, "new": last})
    return of_rows(rows, back=new < old)


def _known(asked: Asked, release_id: str) -> list[dict[str, Any]]:
    """All versions of a release, oldest first, without the texts."""
    return asked.desk.rows(_HISTORY, {"id": release_id})


def related(asked: Asked, release_id: str) -> list[dict[str, Any]]:
    """Siblings, translations, copies and other addresses; `release_id` is empty for an address."""
    if release_id not in contents(asked).linked:
        return []
    return asked.desk.rows(_RELATED.format(releases=asked.current), {"id": release_id} | asked.bound)


def captures(asked: Asked, release_id: str) -> list[dict[str, Any]]:
    """The latest responses that showed it or spoke about it, newest first."""
    known = "AND fetched_at <= $as_of" if asked.as_of else ""
    return asked.desk.rows(_CAPTURES.format(known=known), {"id": release_id} | asked.bound)


def capture(asked: Asked, capture_id: str) -> dict[str, Any]:
    """One response; `held_in` and `held_at` say where its bytes lie, or those a revisit stands for."""
    found = asked.desk.row(_CAPTURE, {"id": capture_id})
    if found is None:
        raise NotHere(capture_id)
    return found


def mementos(asked: Asked, url: str) -> list[dict[str, Any]]:
    """Every version that stood at an address of the Ministry, oldest first.

    The Ministry used addresses twice, so these may be versions of several releases.
    """
    return asked.desk.rows(
        "SELECT release_id, version, valid_from, change FROM release_versions WHERE url = $url "
        "ORDER BY valid_from, release_id, version",
        {"url": url},
    )


def nearest(rows: list[dict[str, Any]], moment: datetime | None) -> dict[str, Any]:
    """The version that held at a moment: the last that began before it, or else the first of all."""
    if moment is None:
        return rows[-1]
    before = [row for row in rows if row["valid_from"] <= moment]
    return before[-1] if before else rows[0]
