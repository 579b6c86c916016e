"""From a page to the bytes of an HTTP answer: validators, 304, gzip, and the diseases ordered for it."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from pressroom.faults import Fault
from pressroom.site import HTML, Page
from pressroom.templates import notices

_NOT_MODIFIED = 304
_OK = 200
_GZIP_LEVEL = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers, body; `cut` promises the whole length and sends half, `drop` sends nothing."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    drop: bool = False


def http_date(moment: datetime) -> str:
    """Thu, 04 Jun 2026 05:00:00 GMT."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def answer(page: Page, asked: Mapping[str, str], *, validators: bool = True) -> Answer:
    """The answer to a request with the headers `asked` (names in lower case)."""
    headers = {"Content-Type": page.media_type}
    if page.location:
        headers["Location"] = page.location
    if page.status != _OK:
        return Answer(page.status, headers, page.body)
    packed = "gzip" in asked.get("accept-encoding", "") and page.media_type != "application/pdf"
    tag = hashlib.sha256(page.body).hexdigest()[:20] + ("-gzip" if packed else "")
    if validators and page.modified:
        headers |= {"ETag": f'"{tag}"', "Last-Modified": http_date(page.modified)}
        if _has_it(asked, f'"{tag}"', page.modified):
            return Answer(_NOT_MODIFIED, headers)
    headers["Vary"] = "Accept-Encoding"
    if not packed:
        return Answer(_OK, headers, page.body)
    # A time in the gzip header would make equal pages unequal, and every capture a new payload.
    return Answer(_OK, headers | {"Content-Encoding": "gzip"}, gzip.compress(page.body, _GZIP_LEVEL, mtime=0))


def _has_it(asked: Mapping[str, str], tag: str, modified: datetime) -> bool:
    if "if-none-match" in asked:
        known = {part.strip().removeprefix("W/") for part in asked["if-none-match"].split(",")}
        return "*" in known or tag in known
    if "if-modified-since" not in asked:
        return False
    try:
        since = parsedate_to_datetime(asked["if-modified-since"])
    except ValueError:
        return False
    return since.tzinfo is not None and modified.replace(microsecond=0) <= since


def diseased(fault: Fault, healthy: Answer, empty_index: bytes) -> Answer:
    """The answer as `fault` makes it; a held one is healthy, only late."""
    instead = {
        "503": Answer(503, {"Retry-After": str(fault.retry_after)}, notices.error()),
        "500": Answer(500, {}, notices.error()),
        "drop": Answer(0, drop=True),
        "truncate": replace(healthy, cut=True),
        "slow": healthy,
        "maintenance": Answer(_OK, {}, notices.maintenance()),
        "empty": Answer(_OK, {}, empty_index),
        "says-empty": Answer(_OK, {}, empty_index),
        "unknown-markup": Answer(_OK, {}, notices.unknown_list()),
    }[fault.kind]
    return replace(instead, headers={"Content-Type": HTML} | dict(instead.headers))
