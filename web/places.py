"""Every address of the room: what it shows, what may be asked, in which formats. OpenAPI comes from this."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from extractors.jcm import KINDS
from web import shapes
from web.asked import Asked, Page
from web.asking import Choice, Country, Day, Moment, Number, Parameter, Text
from web.pages import health, jcm, release, releases, search

AS_OF: Final = Moment("as_of", "Show the archive as it was: a day (its end in Japan) or a time.")
CURSOR: Final = Text("cursor", "Where to go on: `next` of the answer before.", 600)
FILTERS: Final[tuple[Parameter, ...]] = (
    Day("from", "Published on or after."),
    Day("to", "Published on or before."),
    Text("category", "Category as printed.", 80),
    Choice("lang", "Language of the release.", ("ja", "en")),
    Choice("jcm", "What the release is to the JCM.", ("subject", "mention", "none")),
    Choice("kind", "Kind of JCM announcement.", KINDS),
    Country("country", "Country named or taking part, ISO 3166 alpha-2."),
    Country("partner", "JCM partner country it is about, ISO 3166 alpha-2."),
    Number("year", "Year of publication.", 1990, 2100),
    Choice("changed", "Only releases that changed since they were first seen.", ("yes",)),
    Choice("withdrawn", "Only withdrawn releases, or all others.", ("only", "no")),
)


def limit(most: int = 1_000) -> Number:
    """How many rows an answer has at most."""
    return Number("limit", "Rows in one answer.", 1, most)


@dataclass(frozen=True, slots=True)
class Place:
    """One address. `path` may hold `{release_id}` and the like; `shape` is the type of its JSON form."""

    name: str
    path: str
    about: str
    make: Callable[[Asked], Page]
    shape: Any
    parameters: tuple[Parameter, ...] = ()
    formats: tuple[str, ...] = ("html", "json")


ROWS: Final = ("html", "json", "csv", "parquet")

PLACES: Final = (
    Place(
        "releases",
        "/releases",
        "The newest releases, filtered.",
        releases.releases,
        shapes.Releases,
        (*FILTERS, AS_OF, CURSOR, limit(100_000)),
        ROWS,
    ),
    Place(
        "search",
        "/search",
        "Releases that match a query, best first.",
        search.search,
        shapes.Found,
        (
            Text("q", "Words, phrases, field:value.", 300),
            Choice("years", "Count the matches of each year, which takes longer.", ("yes",)),
            AS_OF,
            CURSOR,
            limit(),
        ),
        ROWS,
    ),
    Place(
        "release",
        "/releases/{release_id}",
        "One release.",
        release.release,
        shapes.OneRelease,
        (AS_OF,),
    ),
    Place(
        "version",
        "/releases/{release_id}/versions/{version}",
        "One version of a release.",
        release.version,
        shapes.OneRelease,
        (AS_OF,),
    ),
    Place(
        "captures",
        "/releases/{release_id}/captures",
        "The responses of the site that showed a release or spoke about it, newest first.",
        health.captures,
        shapes.Rows,
        (AS_OF, CURSOR, limit()),
        ROWS,
    ),
    Place(
        "diff",
        "/releases/{release_id}/diff/{pair}",
        "Two versions of a release compared, as 1..2.",
        release.diff,
        shapes.Diff,
        (AS_OF, Choice("view", "Side by side, or one after the other.", ("columns", "inline"))),
    ),
    Place(
        "capture",
        "/captures/{capture_id}",
        "One response of the Ministry's site, as the archive keeps it.",
        release.capture,
        shapes.OneCapture,
        (AS_OF,),
    ),
    Place(
        "jcm",
        "/jcm",
        "Announcements on the Joint Crediting Mechanism.",
        jcm.jcm,
        shapes.Jcm,
        (Choice("kind", "Kind of announcement.", KINDS), FILTERS[7], FILTERS[8], FILTERS[3], AS_OF),
        ROWS,
    ),
    Place("health", "/health", "Is the archive healthy?", health.health, shapes.Health, (AS_OF,)),
    Place("runs", "/runs", "Runs, newest first.", health.runs, shapes.Rows, (AS_OF, CURSOR, limit()), ROWS),
    Place("run", "/runs/{run_id}", "One run and its ledger.", health.run, shapes.Run, (AS_OF,), ROWS),
    Place(
        "quarantine",
        "/quarantine",
        "Pages that could not be read.",
        health.quarantine,
        shapes.Rows,
        (Choice("open", "Only what is not resolved.", ("yes",)), AS_OF, CURSOR, limit()),
        ROWS,
    ),
    Place("alerts", "/alerts", "Alerts.", health.alerts, shapes.Rows, (AS_OF, CURSOR, limit()), ROWS),
    Place("about", "/about", "What this is, and its terms.", health.about, shapes.About, (AS_OF,)),
)
