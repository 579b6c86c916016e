"""The list of releases: newest first, filtered, page by page."""

from collections.abc import Mapping
from typing import Any, Final

from web import paging
from web.asked import Asked

COLUMNS: Final = (
    "release_id",
    "url",
    "lang",
    "title",
    "published_on",
    "categories",
    "joint_with",
    "countries",
    "jcm_role",
    "jcm_kind",
    "jcm_countries",
    "jcm_projects",
    "jcm_tonnes",
    "version",
    "versions",
    "first_seen_at",
    "changed_at",
    "withdrawn_at",
)
KINDS: Final = (
    "partnership",
    "joint_committee",
    "credits",
    "selection",
    "call",
    "study",
    "meeting",
    "event",
    "governance",
    "consultation",
    "guidance",
    "fund",
)

_CONDITIONS: Final = {
    "from": "published_on >= $from",
    "to": "published_on <= $to",
    "category": "list_contains(categories, $category)",
    "lang": "lang = $lang",
    "jcm": "jcm_role = $jcm",
    "kind": "jcm_kind = $kind",
    "country": "(list_contains(countries, $country) OR list_contains(jcm_countries, $country))",
    "partner": "list_contains(jcm_countries, $partner)",
    "year": "year(published_on) = $year",
}
_FLAGS: Final = {
    ("changed", "yes"): "changed_at IS NOT NULL",
    ("withdrawn", "only"): "withdrawn_at IS NOT NULL",
    ("withdrawn", "no"): "withdrawn_at IS NULL",
}
KEY: Final[tuple[type[str], type[str]]] = (str, str)


def conditions(values: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The filters as a condition in SQL and its parameters."""
    tests = [test for name, test in _CONDITIONS.items() if name in values]
    tests += [test for (name, word), test in _FLAGS.items() if values.get(name) == word]
    return " AND ".join(tests) or "TRUE", {name: values[name] for name in _CONDITIONS if name in values}


def releases(asked: Asked, *, columns: str, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """The releases that pass the filters, at most `limit`, and the cursor of the rest."""
    where, bound = conditions(asked.values)
    if "cursor" in asked.values:
        day, release_id = paging.decode(asked.values["cursor"], KEY)
        where += " AND (published_on, release_id) < (TRY_CAST($day AS DATE), $after)"
        bound |= {"day": day, "after": release_id}
    found = asked.desk.rows(
        f"SELECT {columns} FROM {asked.current} WHERE {where} "  # noqa: S608 - words of ours, values bound
        f"ORDER BY published_on DESC, release_id DESC LIMIT {limit + 1}",
        bound | asked.bound,
    )
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], paging.encode([last["published_on"].isoformat(), last["release_id"]])


def count(asked: Asked) -> int:
    """How many releases pass the filters."""
    where, bound = conditions(asked.values)
    row = asked.desk.row(
        f"SELECT count(*) AS n FROM {asked.current} WHERE {where}",  # noqa: S608 - as above
        bound | asked.bound,
    )
    return int(row["n"]) if row else 0


def choices(asked: Asked) -> dict[str, list[str]]:
    """Every category and country there is, the most used first; asked once for each state of the archive."""
    if "choices" not in asked.memo:
        asked.memo["choices"] = {
            "categories": _distinct(asked, "categories"),
            "countries": _distinct(asked, "countries"),
            "partners": _distinct(asked, "jcm_countries"),
        }
    found: dict[str, list[str]] = asked.memo["choices"]
    return found


def _distinct(asked: Asked, column: str) -> list[str]:
    rows = asked.desk.rows(
        f"SELECT word FROM (SELECT unnest({column}) AS word FROM releases) "  # noqa: S608 - a column of ours
        "GROUP BY word ORDER BY count(*) DESC, word LIMIT 300"
    )
    return [row["word"] for row in rows]
