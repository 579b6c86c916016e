"""Links that last: the headers of RFC 7089 and of canonical addresses.

The original resource is the Ministry's page; a version of ours is a memento of it. Addresses were used twice,
so the time map of one address may lead to versions of several releases.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from extractors.errors import Usage


def http_date(moment: datetime) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def read_http_date(given: str) -> datetime:
    """The moment of an Accept-Datetime header; `Usage` if it is none."""
    try:
        found = parsedate_to_datetime(given)
    except (ValueError, IndexError, OverflowError):
        raise Usage(f"Accept-Datetime: found {given[:60]!r}, expected an HTTP date") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def link(target: str, **attributes: str) -> str:
    """One value of a Link header; what could end the quoting early is escaped."""
    safe = quote(target, safe="/:?&=%~+,.;@!$'*()#-_")
    return "; ".join([f"<{safe}>", *(f'{name}="{value}"' for name, value in attributes.items())])


def gates(base: str, original: str) -> list[str]:
    """The links every page about an original carries."""
    return [
        link(original, rel="original"),
        link(f"{base}/timegate/{original}", rel="timegate"),
        link(f"{base}/timemap/link/{original}", rel="timemap", type="application/link-format"),
    ]


def place(row: Mapping[str, Any]) -> str:
    """Where a version stands for good."""
    return f"/releases/{row['release_id']}/versions/{row['version']}"


def timemap(base: str, original: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The list of mementos of an original in `application/link-format`, oldest first."""
    last = len(rows) - 1
    lines = [
        link(original, rel="original"),
        link(f"{base}/timegate/{original}", rel="timegate"),
        link(f"{base}/timemap/link/{original}", rel="self", type="application/link-format"),
    ]
    for number, row in enumerate(rows):
        words = ["first"] * (number == 0) + ["last"] * (number == last) + ["memento"]
        lines.append(link(base + place(row), rel=" ".join(words), datetime=http_date(row["valid_from"])))
    return ",\n".join(lines) + "\n"
