"""The JCM page: announcements, what happened in each country and year, and the credits issued."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from extractors.jcm import PARTNERS
from extractors.site import JAPAN
from web.asked import Asked
from web.query import listing


def announcements(asked: Asked, *, limit: int = 2000) -> list[dict[str, Any]]:
    """Releases that announce something about the JCM, newest first, those withdrawn included."""
    return listing.releases(asked, limit=limit, only="jcm_role = 'subject'")[0]


def partners(rows: Sequence[dict[str, Any]], as_of: datetime | None = None) -> list[dict[str, Any]]:
    """Every country that was a partner then, in order of signing: its announcements, the latest, its credits.

    `tonnes` sums what releases issued for this country alone, in tCO2.
    """
    last = as_of.astimezone(JAPAN).date() if as_of else None
    found = []
    for partner in PARTNERS:
        if last and partner.signed > last:
            continue
        own = [row for row in rows if partner.iso in (row["jcm_countries"] or ())]
        found.append(
            {
                "country": partner.iso,
                "signed_on": partner.signed,
                "announcements": len(own),
                "latest_on": max((row["published_on"] for row in own), default=None),
                "latest_id": max((row["release_id"] for row in own), default=None),
                "tonnes": sum(row["jcm_tonnes"] or 0 for row in own if len(row["jcm_countries"]) == 1),
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


def credits_by_country_and_year(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same summed, in order of country and year; `release_id` only where one release makes the sum."""
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault((one["country"] or "", one["year"]), []).append(one)
    return [
        {
            "country": country or None,
            "year": year,
            "releases": len(own),
            "tonnes": sum(one["tonnes"] for one in own),
            "release_id": own[0]["release_id"] if len(own) == 1 else None,
        }
        for (country, year), own in sorted(groups.items())
    ]


def everything(asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """The announcements that pass the filters and all they add up to, by the names the page's JSON has."""
    rows = announcements(asked)
    issued = credits_issued(rows)
    return {
        "announcements": rows,
        "partners": partners(rows, asked.as_of),
        "by_country_and_year": by_country_and_year(rows),
        "credits": issued,
        "credits_by_country_and_year": credits_by_country_and_year(issued),
    }
