"""The datapackage.json beside an export: what the files hold, whose they are and who made them from what."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from warehouse.export.columns import Column

NAME: Final = "moej-press-releases"
CREDIT: Final = "出典：環境省ホームページ"
EDITED: Final = (
    "Press releases of Japan's Ministry of the Environment. "
    "The records were extracted from the Ministry's pages and arranged by the software moej; "
    "the Ministry did not make this data set. "
    "環境省の報道発表資料をmoejが抽出・加工して作成したものです。"
)
INERT: Final = (
    "A text that begins with = + - @ or a control character has an apostrophe before it, "
    "so that no spreadsheet runs it; lists and records are JSON."
)
_LICENCE: Final = {
    "name": "PDL-1.0",
    "title": "公共データ利用規約（第1.0版）",
    "path": "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
}
_MEDIA: Final = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "jsonl": "application/jsonl",
}


def resource(
    table: str, comment: str, columns: Sequence[Column], paths: Sequence[str], form: str
) -> dict[str, Any]:
    """One table of the package; a table in parts has a list of paths."""
    fields = [column.field for column in columns]
    one: dict[str, Any] = {
        "name": table.replace("_", "-"),
        "description": f"{comment} {INERT}" if form == "csv" else comment,
        "path": paths[0] if len(paths) == 1 else list(paths),
        "format": form,
        "mediatype": _MEDIA[form],
        "schema": {"fields": fields},
    }
    return one if form == "parquet" else one | {"encoding": "utf-8"}


def package(resources: Sequence[dict[str, Any]], exported_at: datetime) -> dict[str, Any]:
    """The whole datapackage."""
    return {
        "profile": "data-package",
        "name": NAME,
        "title": "環境省 報道発表資料アーカイブ",
        "description": f"{CREDIT} {EDITED}",
        "created": exported_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "licenses": [_LICENCE],
        "sources": [{"title": CREDIT, "path": "https://www.env.go.jp/press/"}],
        "resources": list(resources),
    }
