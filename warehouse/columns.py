"""The columns of `release_versions` in the order of the contract, and their Arrow types for loading."""

from typing import Any, Final

import pyarrow as pa

_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(pa.string())
WHEN: Final = pa.timestamp("us", tz="UTC")


def schema(fields: dict[str, Any]) -> pa.Schema:
    """An Arrow schema from names and types (the stubs of pyarrow take `DataType` for a generic)."""
    return pa.schema(list(fields.items()))


def _rows(**fields: pa.DataType) -> pa.DataType:
    """The type of a list of records."""
    return pa.list_(pa.struct(list(fields.items())))


READ: Final[dict[str, pa.DataType]] = {
    "url": _TEXT,
    "lang": _TEXT,
    "title": _TEXT,
    "published_on": pa.date32(),
    "categories": _TEXTS,
    "joint_with": _TEXTS,
    "lead": _TEXT,
    "body": _TEXT,
    "body_markdown": _TEXT,
    "facts": _rows(label=_TEXT, value=_TEXT),
    "event_starts_on": pa.date32(),
    "event_ends_on": pa.date32(),
    "event_hours": _TEXT,
    "event_place": _TEXT,
    "contacts": _rows(
        organisation=_TEXT,
        phones=_rows(label=_TEXT, number=_TEXT),
        people=_rows(role=_TEXT, name=_TEXT, extension=_TEXT),
        emails=_TEXTS,
    ),
    "attachments": _rows(title=_TEXT, url=_TEXT, media_type=_TEXT, size_label=_TEXT),
    "links": _rows(title=_TEXT, url=_TEXT),
    "corrections": _rows(corrected_on=pa.date32(), note=_TEXT),
    "countries": _TEXTS,
    "jcm_role": _TEXT,
    "jcm_kind": _TEXT,
    "jcm_evidence": _TEXTS,
    "jcm_countries": _TEXTS,
    "jcm_partner_count": pa.int32(),
    "jcm_projects": pa.int32(),
    "jcm_tonnes": pa.float64(),
}
"""What a reading gives; the names are the fields of `extractors.Release`."""

PLACED: Final[dict[str, pa.DataType]] = {
    "version": pa.int32(),
    "versions": pa.int32(),
    "first_seen_at": WHEN,
    "changed_at": WHEN,
    "withdrawn_at": WHEN,
    "content_hash": _TEXT,
    "capture_id": _TEXT,
    "valid_from": WHEN,
    "valid_to": WHEN,
    "change": _TEXT,
}
"""What the timeline gives."""

FILLABLE: Final = (
    "attachments",
    "body",
    "categories",
    "contacts",
    "corrections",
    "event_starts_on",
    "facts",
    "joint_with",
    "lead",
    "links",
)
"""Columns whose share of filled rows is watched, per form of page; the view `fill_shares` names the same."""

READINGS: Final = schema({"reading_id": _TEXT, "page": _TEXT, "content_hash": _TEXT, **READ})
CAPTURES: Final = schema(
    {
        "capture_id": _TEXT,
        "url": _TEXT,
        "fetched_at": WHEN,
        "status": pa.int32(),
        "media_type": _TEXT,
        "digest": _TEXT,
        "bytes": pa.int64(),
        "warc_file": _TEXT,
        "warc_offset": pa.int64(),
        "warc_length": pa.int64(),
        "etag": _TEXT,
        "last_modified": _TEXT,
        "verdict": _TEXT,
        "page": _TEXT,
        "page_name": _TEXT,
        "family": _TEXT,
        "run_id": _TEXT,
        "charset": _TEXT,
        "revisit": pa.bool_(),
        "truncated": _TEXT,
        "location": _TEXT,
        "target": _TEXT,
        "led_by": _TEXT,
        "alias": _TEXT,
        "sequence": pa.int32(),
        "template": _TEXT,
        "filled": _TEXTS,
        "content_hash": _TEXT,
        "reading_id": _TEXT,
        "reason": _TEXT,
        "detail": _TEXT,
    }
)
LISTINGS: Final = schema(
    {
        "run_id": _TEXT,
        "capture_id": _TEXT,
        "listed_in": _TEXT,
        "fetched_at": WHEN,
        "position": pa.int32(),
        "page": _TEXT,
        "family": _TEXT,
        "url": _TEXT,
        "title": _TEXT,
        "listed_on": pa.date32(),
        "categories": _TEXTS,
    }
)
WARC_FILES: Final = schema({"name": _TEXT, "sequence": pa.int32(), "sha256": _TEXT, "bytes": pa.int64()})
FAILURES: Final = schema(
    {"run_id": _TEXT, "page": _TEXT, "failed_at": WHEN, "outcome": _TEXT, "reason": _TEXT, "detail": _TEXT}
)
RUN_NOTES: Final = schema(
    {
        "run_id": _TEXT,
        "kind": _TEXT,
        "site": _TEXT,
        "software": _TEXT,
        "started_at": WHEN,
        "finished_at": WHEN,
        "status": _TEXT,
        "error": _TEXT,
        "requests": pa.int64(),
        "bytes_received": pa.int64(),
    }
)
PLAN: Final = schema({"release_id": _TEXT, "reading_id": _TEXT, "page": _TEXT, **PLACED})
MARKS: Final = schema(
    {
        "capture_id": _TEXT,
        "release_id": _TEXT,
        "version": pa.int32(),
        "change": _TEXT,
        "outcome": _TEXT,
        "reason": _TEXT,
        "reading_id": _TEXT,
    }
)


def table(rows: list[dict[str, Any]], form: pa.Schema) -> pa.Table:
    """Rows as an Arrow table; a key that a row lacks is NULL."""
    return pa.Table.from_pylist(rows, schema=form)
