"""The JCM page: announcements, what happened in each country and year, and the credits issued."""

from collections.abc import Sequence
from typing import Any, Final

from extractors.jcm import PARTNERS
from web.asked import Asked
from web.query.listing import COLUMNS, conditions

_ANNOUNCEMENTS: Final = """
SELECT {columns} FROM {releases}
WHERE jcm_role = 'subject' AND {where}
ORDER BY published_on DESC, release_id DESC LIMIT {limit}
"""


def announcements(asked: Asked, *, limit: int = 2000) -> list[dict[str, Any]]:
    """Releases that announce something about the JCM, newest first, those withdrawn included."""
    where, bound = conditions(asked.values)
    return asked.desk.rows(
        _ANNOUNCEMENTS.format(columns=", ".join(COLUMNS), releases=asked.current, where=where, limit=limit),
        bound | asked.bound,
    )


def partners(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every partner country in order of signing, with its announcements, projects and the latest of them."""
    found = []
    for partner in PARTNERS:
        own = [row for row in rows if partner.iso in (row["jcm_countries"] or ())]
        found.append(
            {
                "country": partner.iso,
                "signed_on": partner.signed,
                "announcements": len(own),
                "latest_on": max((row["published_on"] for row in own), default=None),
                "latest_id": max((row["release_id"] for row in own), default=None),
            }
        )
    return found


def by_country_and_year(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many announcements name a partner country in a year. One that names several counts for each."""
    counts: dict[tuple[str, int], int] = {}
    for row in rows:
        for country in row["jcm_countries"] or ():
            place = (country, row["published_on"].year)
            counts[place] = counts.get(place, 0) + 1
    return [
        {"country": country, "year": year, "announcements": count}
        for (country, year), count in sorted(counts.items())
    ]


def credits_issued(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Credits by release, oldest first. `country` is empty where one issues for several countries at once.

    The Ministry gives one sum for such a release, so it cannot be split.
    """
    return [
        {
            "release_id": row["release_id"],
            "title": row["title"],
            "published_on": row["published_on"],
            "year": row["published_on"].year,
            "country": row["jcm_countries"][0] if len(row["jcm_countries"] or ()) == 1 else None,
            "tonnes": row["jcm_tonnes"],
        }
        for row in reversed(rows)
        if row["jcm_tonnes"]
    ]
