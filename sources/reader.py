"""From a WARC record to what it means: a capture with its payload, a failure, or a note on a run.

The writer builds its captures with the same functions, so what a run saw and what a scan gives are one.
"""

import json
import re
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from sources.captures import Capture, Entry, Failure, Held, RunNote
from sources.payload import decode
from sources.records import BadRecord, Head, Record, count_in, parse_date
from sources.urls import Site, family
from sources.verdict import UNCHANGED, verdict

RUN_END: Final = "run-end"
FAILURE: Final = "failure"
# Not the library of mail, which dies of what mail allows and nobody writes here: `charset*=a; charset*0*=b`.
MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
CHARSET: Final = re.compile(r"(?:^|[;\s])charset\s*=\s*[\"']?([\w.:+-]+)", re.ASCII | re.IGNORECASE)
PLAIN: Final = frozenset({"resource", "conversion"})


def entry_of(record: Record, note: RunNote, *, warc_file: str) -> Entry | None:
    """What a record says, or None for records that say nothing to us (requests, foreign kinds).

    `note` is the run in whose file the record stands.
    """
    if record.kind in {"response", "revisit"}:
        return _http_capture(record, note, warc_file)
    if record.kind in PLAIN:
        return _plain_capture(record, note, warc_file)
    if record.kind == "metadata":
        return _metadata(record, note)
    return None


def note_of(record: Record) -> RunNote:
    """The run that a warcinfo record announces; `BadRecord` if it is not one of ours."""
    lines = (line.partition(":") for line in record.block.decode("utf-8").splitlines())
    fields = {name.strip(): value.strip() for name, colon, value in lines if colon}
    try:
        return RunNote(
            run_id=fields["run-id"],
            kind=fields["run-kind"],
            site=fields["run-site"],
            started_at=parse_date(fields["run-started"]),
            software=fields["software"],
        )
    except KeyError as error:
        raise BadRecord(f"warcinfo at byte {record.offset} has no field {error}") from None


def payload_of(record: Record) -> tuple[bytes | None, str | None]:
    """Payload of a record without content encoding, and the reason if it is not whole; None for a revisit."""
    if record.kind == "revisit":
        return None, None
    if record.kind in PLAIN:
        return record.block, record.fields.get("warc-truncated")
    head, body = record.http()
    return _decoded(head, body, record.fields.get("warc-truncated"))


def _decoded(head: Head, body: bytes, truncated: str | None) -> tuple[bytes, str | None]:
    decoded = decode(body, head.get("content-encoding"))
    short = len(body) < (count_in(head.get("content-length")) or 0)
    return decoded.content, truncated or decoded.problem or ("disconnect" if short else None)


def _http_capture(record: Record, note: RunNote, warc_file: str) -> Held:
    head, body = record.http()
    revisit = record.kind == "revisit"
    payload, truncated = (
        (None, None) if revisit else _decoded(head, body, record.fields.get("warc-truncated"))
    )
    word = UNCHANGED if revisit else verdict(head.status, head.fields, payload or b"", truncated)
    return _held(record, note, warc_file, head, payload, word, truncated)


def _plain_capture(record: Record, note: RunNote, warc_file: str) -> Held:
    """A page that somebody saved: it has no HTTP head of its own, so the record's Content-Type speaks."""
    head = Head(HTTPStatus.OK, "", {"content-type": record.fields.get("content-type", "")})
    payload, truncated = payload_of(record)
    word = verdict(HTTPStatus.OK, head.fields, payload or b"", truncated)
    return _held(record, note, warc_file, head, payload, word, truncated)


def _held(  # noqa: PLR0913, PLR0917 - the parts of one capture, put together in one place
    record: Record,
    note: RunNote,
    warc_file: str,
    head: Head,
    payload: bytes | None,
    word: str,
    truncated: str | None,
) -> Held:
    page = _site(note.site).canonical(record.url)
    media_type, charset = media_of(head.get("content-type"))
    capture = Capture(
        capture_id=record.record_id,
        run_id=note.run_id,
        url=record.url,
        page=page,
        fetched_at=record.date,
        status=head.status,
        media_type=media_type,
        charset=charset,
        family=family(page),
        verdict=word,
        digest=record.fields.get("warc-payload-digest", ""),
        bytes=len(payload or b""),
        warc_file=warc_file,
        warc_offset=record.offset,
        warc_length=record.length,
        etag=head.get("etag"),
        last_modified=head.get("last-modified"),
        location=head.get("location"),
        revisit=record.kind == "revisit",
        truncated=truncated,
    )
    return Held(capture, payload)


@lru_cache(maxsize=16)
def _site(base: str) -> Site:
    return Site(base)


@lru_cache(maxsize=256)
def media_of(content_type: str | None) -> tuple[str | None, str | None]:
    """Media type and charset of a Content-Type, both in lower case; None where it names none."""
    if not content_type:
        return None, None
    kind, _, parameters = content_type.partition(";")
    named = CHARSET.search(parameters)
    media_type = kind.strip().lower()
    return media_type if MEDIA_TYPE.fullmatch(media_type) else None, named[1].lower() if named else None


def _metadata(record: Record, note: RunNote) -> Entry | None:
    if not record.fields.get("content-type", "").startswith("application/json"):
        return None
    try:
        said: dict[str, Any] = json.loads(record.block)
    except ValueError:
        raise BadRecord(f"metadata at byte {record.offset} is no JSON") from None
    if said.get("kind") == FAILURE:
        return Failure(note.run_id, said["page"], record.date, said["reason"], said["detail"])
    if said.get("kind") == RUN_END:
        return replace(
            note,
            finished_at=parse_date(said["finished_at"]),
            status=said["status"],
            error=said["error"],
            requests=said["requests"],
            bytes_received=said["bytes_received"],
        )
    return None
