"""What a good page must have."""

from datetime import date, datetime, timedelta

from extractors.head import is_crumb
from extractors.release import Release, Unreadable
from extractors.site import FIRST_DAY, JAPAN, MAX_TITLE

_GRACE = timedelta(days=1)


def implausible(release: Release, fetched_at: datetime) -> Unreadable | None:
    """Why the record cannot be true although every part of it was found; None for a good one."""
    today = fetched_at.astimezone(JAPAN).date()
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
