"""Search."""

from typing import Any

from warehouse.search import Hint, Hit
from web import paging
from web.asked import Asked, Page
from web.pages.common import address, following, frame, limit
from web.query import finding

COLUMNS = ("release_id", "version", "published_on", "lang", "title", "url", "snippet")
FURTHEST = 10_000


def search(asked: Asked) -> Page:
    """What matches the query; without a query the empty form."""
    query = asked.values.get("q", "")
    skip = _skip(asked)
    most = limit(asked)
    hits = finding.hits(asked, query, limit=most + 1, skip=skip) if query else ()
    more = len(hits) > most and skip + most <= FURTHEST
    years = finding.years(asked, query) if hits and asked.values.get("years") == "yes" else None
    hints = finding.hints(asked, query, found=bool(hits)) if query else ()
    rows = [_row(hit) for hit in hits[:most]]
    following_page = following("/search", asked, paging.encode([skip + most]) if more else None)
    count = sum(year["releases"] for year in years) if years is not None else None
    return Page(
        template="search.html",
        data=frame(asked)
        | {
            "query": query,
            "count": count,
            "next": following_page,
            "years": years,
            "hits": rows,
            "hints": [_hint(one) for one in hints],
        },
        canonical=address("/search", asked, cursor=True),
        view={
            "found": hits[:most],
            "slips": hints,
            "counted": address("/search", asked, more={"years": "yes"}),
            "most": max((year["releases"] for year in years or ()), default=1),
        },
        table=rows,
        columns=COLUMNS,
        next=following_page,
    )


def _skip(asked: Asked) -> int:
    if "cursor" not in asked.values:
        return 0
    (skip,) = paging.decode(asked.values["cursor"], (int,))
    return min(int(skip), FURTHEST)


def _hint(hint: Hint) -> dict[str, Any]:
    return {"given": hint.given, "known": list(hint.known), "instead": hint.instead}


def _row(hit: Hit) -> dict[str, Any]:
    return {
        "release_id": hit.release_id,
        "version": hit.version,
        "published_on": hit.published_on,
        "lang": hit.lang,
        "title": hit.title,
        "url": hit.url,
        "snippet": "".join(text for _, text in hit.snippet),
    }
