"""The list of releases: newest first, filtered, page by page."""

from collections.abc import Mapping
from typing import Any, Final

from web import paging
from web.asked import Asked
from web.contents import COLUMNS, contents

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


_PLACES: Final = "SELECT rowid AS place FROM memory.main.contents WHERE {where}"
_ASKED: Final = """
SELECT {columns} FROM {current}
WHERE {where} ORDER BY published_on DESC, release_id DESC LIMIT {limit}
"""
_COUNT: Final = "SELECT count(*) AS found FROM {current} WHERE {where}"


def releases(asked: Asked, *, limit: int, only: str = "TRUE") -> tuple[list[dict[str, Any]], int, str | None]:
    """The releases that pass the filters and the condition `only`: at most `limit`, how many, and the cursor.

    After a cursor "how many" counts from there.
    """
    where, bound = conditions(asked.values)
    where += f" AND {only}"
    if "cursor" in asked.values:
        day, release_id = paging.decode(asked.values["cursor"], KEY)
        where += " AND (published_on, release_id) < (TRY_CAST($day AS DATE), $after)"
        bound |= {"day": day, "after": release_id}
    found, count = (_kept if is_kept(asked) else _asked)(asked, where, bound, limit)
    if count <= limit:
        return found, count, None
    last = found[-1]
    return found, count, paging.encode([last["published_on"].isoformat(), last["release_id"]])


def is_kept(asked: Asked) -> bool:
    """Whether lists come from memory: who asks before that is done does not wait for it."""
    return asked.as_of is None and asked.memo.has("contents")


def _kept(asked: Asked, where: str, bound: dict[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    held = contents(asked)
    places = asked.desk.table(_PLACES.format(where=where), bound)["place"]
    return held.at(places[:limit]), len(places)


def _asked(asked: Asked, where: str, bound: dict[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    bound = bound | asked.bound
    query = _ASKED.format(columns=", ".join(COLUMNS), current=asked.current, where=where, limit=limit)
    counted = asked.desk.row(_COUNT.format(current=asked.current, where=where), bound)
    return asked.desk.rows(query, bound), counted["found"] if counted else 0


def choices(asked: Asked) -> dict[str, list[str]]:
    """Every category and country there is, the most used first; asked once for each state of the archive."""
    return asked.memo.once(
        "choices",
        lambda: {
            "categories": _distinct(asked, "categories"),
            "countries": _distinct(asked, "countries"),
            "partners": _distinct(asked, "jcm_countries"),
        },
    )


def _distinct(asked: Asked, column: str) -> list[str]:
    rows = asked.desk.rows(
        f"SELECT word FROM (SELECT unnest({column}) AS word FROM releases) "  # noqa: S608 - a column of ours
        "GROUP BY word ORDER BY count(*) DESC, word LIMIT 300"
    )
    return [row["word"] for row in rows]
