"""WARC records as bytes: what one file of the log consists of, built with warcio.

Ids and times are arguments, so that a test can hold a whole file against literal bytes.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from sources.captures import Known, RunNote
from sources.exchange import Exchange
from sources.gzipped import compress
from sources.payload import digest_of
from sources.records import format_date, urn

VERSION: Final = "WARC/1.1"
PROFILE: Final = "http://netpreserve.org/warc/1.1/revisit/"
NOT_MODIFIED: Final = PROFILE + "server-not-modified"
SAME_DIGEST: Final = PROFILE + "identical-payload-digest"
CONFORMS: Final = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Packed:
    """One record: its WARC fields, its block, and the gzip member both stand in."""

    fields: dict[str, str]
    block: bytes
    member: bytes


class _Head:
    """An HTTP head as it came; warcio's own class would spell fields anew that are not plain ASCII."""

    def __init__(self, raw: bytes) -> None:
        self.headers_buff = raw

    def compute_headers_buffer(self, header_filter: object) -> None:
        """Nothing to compute: the bytes are final."""


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio ships no types
    """warcio's writer with SHA-256 digests; compression is ours, see `gzipped.compress`."""

    @staticmethod
    def _create_digester() -> Any:
        return Digester("sha256")


def pack(
    kind: str, fields: Fields, *, body: bytes, head: bytes | None = None, media_type: str | None = None
) -> Packed:
    """One record as a gzip member. `fields` begin after WARC-Type; lengths and the block digest are added."""
    out = BytesIO()
    writer = _Writer(out, gzip=False, warc_version=VERSION)
    given = StatusAndHeaders("", [("WARC-Type", kind), *fields], protocol=VERSION)
    record = writer.create_warc_record(
        "",
        kind,
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=media_type or "",
        warc_headers=given,
        http_headers=_Head(head) if head is not None else None,
    )
    writer.write_record(record)
    named = {name.lower(): value for name, value in record.rec_headers.headers}
    return Packed(named, (head or b"") + body, compress(out.getvalue()))


def base_fields(
    record_id: str, moment: datetime, *, url: str | None = None, info: str | None = None
) -> Fields:
    """The fields every record has: its id, its time, the address it is about, its file's warcinfo."""
    fields = [("WARC-Record-ID", urn(record_id)), ("WARC-Date", format_date(moment))]
    if url is not None:
        fields.append(("WARC-Target-URI", url))
    if info is not None:
        fields.append(("WARC-Warcinfo-ID", urn(info)))
    return fields


def warcinfo(note: RunNote, record_id: str, moment: datetime, *, part: int) -> Packed:
    """The first record of a file: which run wrote it, with what, against which site."""
    lines = {
        "software": note.software,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS,
        "isPartOf": f"moej {note.kind}",
        "run-id": note.run_id,
        "run-kind": note.kind,
        "run-site": note.site,
        "run-started": format_date(note.started_at),
        "run-part": str(part),
    }
    body = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode("utf-8")
    return pack("warcinfo", base_fields(record_id, moment), body=body, media_type="application/warc-fields")


def response(exchange: Exchange, record_id: str, *, info: str) -> Packed:
    """The whole answer; the payload is the body with the content encoding it came in."""
    fields = base_fields(record_id, exchange.started_at, url=exchange.url, info=info)
    fields.append(("WARC-Payload-Digest", digest_of(exchange.body)))
    return pack("response", fields + _wire_fields(exchange), head=exchange.head, body=exchange.body)


def revisit(exchange: Exchange, known: Known, record_id: str, *, info: str) -> Packed:
    """An answer whose payload is in the log already: not modified (304), or the same bytes again.

    The digest is always that of the payload referred to, whose record, address and time are named.
    """
    fields = base_fields(record_id, exchange.started_at, url=exchange.url, info=info)
    fields += referring(known, NOT_MODIFIED if exchange.status == HTTPStatus.NOT_MODIFIED else SAME_DIGEST)
    return pack("revisit", fields + _wire_fields(exchange), head=exchange.head, body=b"")


def referring(known: Known, profile: str) -> Fields:
    """The fields by which a revisit names the record that holds its payload."""
    return [
        ("WARC-Payload-Digest", known.digest),
        ("WARC-Profile", profile),
        ("WARC-Refers-To", urn(known.capture_id)),
        ("WARC-Refers-To-Target-URI", known.url),
        ("WARC-Refers-To-Date", format_date(known.fetched_at)),
    ]


def request(exchange: Exchange, record_id: str, *, answer_id: str, info: str) -> Packed:
    """The request that the answer belongs to."""
    fields = base_fields(record_id, exchange.started_at, url=exchange.url, info=info)
    fields.append(("WARC-Concurrent-To", urn(answer_id)))
    return pack("request", fields, head=exchange.request_head, body=b"")


def _wire_fields(exchange: Exchange) -> Fields:
    fields: Fields = []
    if exchange.truncated is not None:
        fields.append(("WARC-Truncated", exchange.truncated))
    if exchange.ip is not None:
        fields.append(("WARC-IP-Address", exchange.ip))
    # How long the answer took: with WARC-Date it proves the pause between two requests.
    fields.append(("WARC-Moej-Seconds", f"{exchange.seconds:.3f}"))
    return fields
