"""The list of releases: the first page."""

from web.asked import Asked, Page
from web.contents import COLUMNS
from web.pages.common import address, following, frame, limit
from web.query import listing


def releases(asked: Asked) -> Page:
    """The newest releases that pass the filters."""
    rows, found, cursor = listing.releases(asked, limit=limit(asked))
    following_page = following("/releases", asked, cursor)
    count = found if "cursor" not in asked.values else None
    return Page(
        template="releases.html",
        data=frame(asked) | {"count": count, "next": following_page, "releases": rows},
        canonical=address("/releases", asked, cursor=True),
        view={
            "choices": listing.choices(asked),
            "filtered": bool(asked.values.keys() - {"as_of", "cursor", "limit"}),
        },
        table=rows,
        columns=COLUMNS,
        next=following_page,
    )
