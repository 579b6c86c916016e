"""A capture: one response as it came, and where in the log it lies."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """One archived response.

    `capture_id` is the UUID of its WARC record: it lives in the log, so it is the same after every
    rebuild. `url` is the address as it was asked, `page` the Ministry's canonical https address it stands
    for (see `sources.urls.Site`). `fetched_at` is the WARC-Date, in UTC. `digest` is the payload digest as
    in WARC-Payload-Digest; a `revisit` carries no payload of its own and names by `digest` the bytes that
    are already in the log. `bytes` is the length of the payload in the record, 0 for a revisit.
    `warc_file` is relative to the folder of the log; offset and length are bytes in that file.
    `family` says what kind of address `page` is (`release`, `listing`, `robots`, `file`, `other`).
    `verdict` is what the response is worth, by status, headers and body alone: `good`, `unchanged` (304 or
    the same bytes again), `gone`, `redirect`, `blocked`, `maintenance`, `truncated`, `error`; only `good`
    is read.
    """

    capture_id: str
    run_id: str
    url: str
    page: str
    fetched_at: datetime
    status: int
    media_type: str | None
    charset: str | None
    family: str
    verdict: str
    digest: str
    bytes: int
    warc_file: str
    warc_offset: int
    warc_length: int
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    revisit: bool = False
    truncated: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that was asked for and gave no response, or was not asked for with a reason; also in the log."""

    run_id: str
    page: str
    at: datetime
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RunNote:
    """What the log says of one run. `finished_at` and `status` are None for a run that was killed."""

    run_id: str
    kind: str
    site: str
    started_at: datetime
    software: str
    finished_at: datetime | None = None
    status: str | None = None
    error: str | None = None
    requests: int = 0
    bytes_received: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the archive knows of a page: enough to ask conditionally and to write a revisit.

    `digest`, `capture_id`, `url` and `fetched_at` are those of the newest good capture that holds a payload;
    `asked_at` is the time of the newest request of any outcome.
    """

    page: str
    digest: str
    capture_id: str
    url: str
    fetched_at: datetime
    asked_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A capture read back from the log with its payload, decoded.

    None for a revisit, whose bytes lie elsewhere.
    """

    capture: Capture
    payload: bytes | None


Entry = Held | Failure | RunNote
"""Everything a scan of the log can give, in the order it was written."""
