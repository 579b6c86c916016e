"""What a good page must have, and the share of fields a run filled, by which drift of the site shows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from extractors.head import is_crumb
from extractors.release import Release, Unreadable
from extractors.site import FIRST_DAY, MAX_TITLE

_JST = timezone(timedelta(hours=9))
_GRACE = timedelta(days=1)

MEASURED = (
    "categories",
    "joint_with",
    "lead",
    "body",
    "facts",
    "event_starts_on",
    "event_hours",
    "event_place",
    "contacts",
    "attachments",
    "links",
    "corrections",
    "countries",
)
"""Fields that a page may lack; title and day are on every page or it is `Unreadable`."""


def implausible(release: Release, fetched_at: datetime) -> Unreadable | None:
    """Why the record cannot be true although every part of it was found; None for a good one."""
    today = fetched_at.astimezone(_JST).date()
    if not date(*FIRST_DAY) <= release.published_on <= today + _GRACE:
        expected = f"a day from {date(*FIRST_DAY)} to {today}, when the page was fetched"
        return Unreadable("implausible-date", str(release.published_on), expected)
    if not 1 < len(release.title) <= MAX_TITLE or is_crumb(release.title):
        return Unreadable(
            "implausible-title", release.title[:80], f"2 to {MAX_TITLE} letters that name the release"
        )
    if not release.body and not release.attachments:
        return Unreadable(
            "no-body", f"title {release.title[:80]!r} and nothing below it", "text or an attachment"
        )
    return None


def fill_shares(releases: Iterable[Release]) -> dict[str, dict[str, float]]:
    """For each template the share (0 to 1) of its releases that have each measured field.

    The entry `count` is the number of releases. A template whose shares fall against earlier runs means
    that the site changed under our reading, though every page still gives a record.
    """
    filled: defaultdict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(("count", *MEASURED), 0.0))
    for release in releases:
        counts = filled[release.template]
        counts["count"] += 1
        for name in MEASURED:
            counts[name] += bool(getattr(release, name))
    return {
        template: {
            name: value if name == "count" else value / counts["count"] for name, value in counts.items()
        }
        for template, counts in sorted(filled.items())
    }
