"""The same answer as JSON, CSV or Parquet, and which of them is wanted."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from web.asked import Page

MEDIA_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
CREDIT: Final = {
    "credit": "出典：環境省ホームページ (https://www.env.go.jp/press/)",
    "licence": "公共データ利用規約 第1.0版 (PDL 1.0)",
    "edited": "Extracted and edited by moej from the Ministry's press releases; not made by the Ministry.",
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def wanted(accept: str, offered: Sequence[str]) -> str | None:
    """The format that an Accept header prefers of those offered; HTML for `*/*`; None if it takes none."""
    best, weight = None, 0.0
    for kind in sorted(offered, key=lambda one: one != "html"):
        worth = _worth(accept or "*/*", MEDIA_TYPES[kind].partition(";")[0])
        if worth > weight:
            best, weight = kind, worth
    return best


def _worth(accept: str, media_type: str) -> float:
    """The weight of the most exact range in an Accept header that holds a media type."""
    found = (-1, 0.0)
    for part in accept.split(",")[:30]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        exactness = (name == media_type) * 2 + (name == f"{media_type.partition('/')[0]}/*")
        if exactness or name == "*/*":
            found = max(found, (exactness, _weight(parameters)))
    return found[1]


def _weight(parameters: Sequence[str]) -> float:
    for one in parameters:
        if one.startswith("q="):
            try:
                return float(one[2:])
            except ValueError:
                return 0.0
    return 1.0


def plain(value: object) -> Any:
    """What JSON has no word for: days and times in ISO, times in UTC with a Z."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def as_json(data: Mapping[str, Any]) -> bytes:
    """One JSON document; NaN, which JSON lacks, is an error of ours and not sent."""
    return json.dumps(data, ensure_ascii=False, default=plain, allow_nan=False).encode()


def as_csv(page: Page) -> bytes:
    """The rows with a heading, UTF-8 with a mark for spreadsheets; nested values as JSON."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(page.columns)
    for row in page.table or ():
        writer.writerow([_cell(row[name]) for name in page.columns])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, str):
        # A spreadsheet would run a cell that begins so: the page it came from must not reach that far.
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if isinstance(value, date):
        return plain(value)
    return value


def as_parquet(page: Page) -> bytes:
    """The rows as a Parquet file; source and licence stand in its metadata."""
    rows = [{name: row[name] for name in page.columns} for row in page.table or ()]
    table = pa.Table.from_pylist(rows) if rows else pa.table({name: pa.nulls(0) for name in page.columns})
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(CREDIT), sink, compression="zstd")
    return sink.getvalue()
