"""One release: what it says, its versions, what it belongs with, and the captures it was read from."""

from datetime import datetime
from typing import Any, Final

from web.asked import Asked, NotHere

_AS_OF: Final = "valid_from <= $as_of AND (valid_to IS NULL OR valid_to > $as_of)"
_HISTORY: Final = """
SELECT version, change, valid_from, valid_to, title, capture_id, content_hash
FROM release_versions WHERE release_id = $id {known} ORDER BY version
"""
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
_VERSION: Final = "release_id = $id AND version = $version"
_BODY: Final = "SELECT body FROM release_versions WHERE release_id = $id AND version = $version LIMIT 1"


def version(asked: Asked, release_id: str, number: int | None = None) -> dict[str, Any]:
    """One version with every column; without a number the one that held at the moment asked for.

    `NotHere` if there is none, or it was not known at that moment.
    """
    if number is not None:
        found = _one(asked, _VERSION, {"id": release_id, "version": number})
        if found and asked.as_of and found["valid_from"] > asked.as_of:
            found = None
    else:
        when = _AS_OF if asked.as_of else "valid_to IS NULL"
        found = _one(asked, f"release_id = $id AND {when}", {"id": release_id} | asked.bound)
    if found is None:
        raise NotHere(release_id if number is None else f"{release_id}, version {number}")
    return found


def _one(asked: Asked, where: str, bound: dict[str, Any]) -> dict[str, Any] | None:
    """The row; HTML shows one of the two forms of the text, and each costs as much as all the rest."""
    columns = "* EXCLUDE (body), NULL AS body" if asked.kind == "html" else "*"
    query = f"SELECT {columns} FROM release_versions WHERE {where} LIMIT 1"  # noqa: S608 - words of ours
    found = asked.desk.row(query, bound)
    if found and asked.kind == "html" and not found["body_markdown"]:
        found |= asked.desk.row(_BODY, {"id": found["release_id"], "version": found["version"]}) or {}
    return found


def whole(asked: Asked, release_id: str, number: int) -> dict[str, Any]:
    """One version with both forms of its text, to be compared."""
    found = version(asked, release_id, number)
    return found | (asked.desk.row(_BODY, {"id": release_id, "version": number}) or {})


def history(asked: Asked, release_id: str) -> list[dict[str, Any]]:
    """Its versions known at the moment asked for, oldest first, without the texts."""
    known = "AND valid_from <= $as_of" if asked.as_of else ""
    return asked.desk.rows(_HISTORY.format(known=known), {"id": release_id} | asked.bound)


def related(asked: Asked, release_id: str) -> list[dict[str, Any]]:
    """Siblings, translations, copies and other addresses; `release_id` is empty for an address."""
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
