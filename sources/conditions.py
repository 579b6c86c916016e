"""The header fields by which client and site spare each other: conditions, and Retry-After."""

from datetime import datetime
from email.utils import parsedate_to_datetime

from sources.captures import Known
from sources.exchange import Headers
from sources.records import count_in


def conditional(known: Known | None) -> dict[str, str]:
    """The fields that ask for a page only if it is not what we have.

    A validator that is more than printable ASCII is left out: no request can carry it.
    """
    if known is None:
        return {}
    fields = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {
        name: value for name, value in fields.items() if value and value.isascii() and value.isprintable()
    }


def retry_after(headers: Headers, now: datetime) -> float | None:
    """How many seconds an answer asks us to stay away; None if it does not say, or says nonsense."""
    value = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return seconds_in(value.decode("latin-1"), now)


def seconds_in(value: str, now: datetime) -> float | None:
    """How long a Retry-After is, given in seconds or as a date; None for nonsense."""
    value = value.strip()
    if (seconds := count_in(value)) is not None:
        return float(seconds)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
