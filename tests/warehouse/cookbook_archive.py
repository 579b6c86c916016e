"""A small archive in which every question of the cookbook has an answer."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb

from tests.warehouse.rows import history, insert, release
from warehouse import duplicates, search

_SUBJECT: dict[str, Any] = {"jcm_role": "subject", "categories": ("地球環境",)}
_SERIES = """二国間クレジット制度（JCM）の日・ベトナム間の第{n}回合同委員会を{month}月{day}日に開催します。
両国の政府の代表者が出席し、水素を含む事業の登録と、クレジットの発行について話し合います。
会議の結果は、終了後に環境省のホームページで公表する予定です。傍聴はできません。"""


def _office(head: str, *, name: str = "地球環境局JCM推進室") -> tuple[dict[str, Any], ...]:
    people = [{"role": "室長", "name": head, "extension": "6700"}]
    return ({"organisation": name, "phones": [], "people": people, "emails": []},)


def _committee(n: int, day: date, head: str) -> dict[str, Any]:
    return release(
        f"{day:%Y%m%d}-press_{n:05}",
        title=f"日・ベトナム間の第{n}回合同委員会の開催について",
        body=_SERIES.format(n=n, month=day.month, day=day.day),
        jcm_kind="joint_committee",
        countries=("VN",),
        jcm_countries=("VN",),
        contacts=_office(head),
        joint_with=("経済産業省", "外務省"),
        **_SUBJECT,
    )


def _credits(release_id: str, country: str, tonnes: float) -> dict[str, Any]:
    attachment = {
        "title": "別紙 発行の一覧",
        "url": f"https://www.env.go.jp/content/{release_id[-5:]}.pdf",
        "media_type": "application/pdf",
        "size_label": "128 KB",
    }
    fields = {
        "jcm_countries": (country,),
        "countries": (country,),
        "jcm_tonnes": tonnes,
        "attachments": (attachment,),
    }
    return release(release_id, title="クレジットの発行について", jcm_kind="credits", **fields, **_SUBJECT)


def _rows() -> list[dict[str, Any]]:
    corrected = _committee(12, date(2025, 6, 10), "青山 次郎")
    fixed = corrected | {
        "body": corrected["body"].replace("6月10日", "6月11日"),
        "joint_with": ("経済産業省",),
    }
    meeting = release(
        "20250620-press_00020",
        title="第3回パートナー国会合の開催について",
        body="6月20日に開催し、18か国（31か国中）がUNFCCC及びADBとともに参加しました。",
        jcm_kind="meeting",
        event_place="東京",
        jcm_partner_count=31,
        jcm_countries=("KE", "MN", "VN"),
        countries=("KE", "MN", "VN"),
        **_SUBJECT,
    )
    english = release(
        "20250622-en-press_00021",
        lang="en",
        title="Third Partner Country Meeting",
        body="The meeting was held on June 20 by 18 of 31 countries together with UNFCCC and ADB.",
        jcm_kind="meeting",
        countries=("KE", "MN", "VN"),
        jcm_role="subject",
    )
    call = release(
        "20250401-press_00030",
        title="設備補助事業の公募について",
        jcm_kind="call",
        facts=({"label": "公募期間", "value": "4月1日～5月30日"},),
        **_SUBJECT,
    )
    listed = _credits("20240701-press_00050", "MN", 9206.0)
    stood = release("20250501-press_00040", title="掲載を取りやめた発表")
    gone = stood | {"change": "withdrawn", "withdrawn_at": datetime(2025, 7, 2, 3, tzinfo=UTC)}
    return [
        *history(corrected, fixed),
        *[_committee(10, date(2024, 3, 5), "赤井 花子"), _committee(11, date(2024, 11, 7), "赤井 花子")],
        *history(listed, listed | {"change": "attachment"}),
        _credits("20250301-press_00051", "KE", 251.0),
        *[_credits("20250302-press_00052", "MN", 794.0), meeting, english, call],
        *history(stood, gone),
    ]


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Write the archive: versions, the search index, duplicates."""
    ids = insert(con, _rows())
    # Two captures of a file; the second, with other bytes, began a version.
    con.execute("""
        INSERT INTO captures BY NAME
        SELECT 'file' AS family, 'good' AS verdict, 'https://www.env.go.jp/content/00050.pdf' AS page,
               unnest(['first', 'capture-20240701-press_00050-2']) AS capture_id,
               unnest(['old', 'new']) AS digest, unnest([131072, 135168]) AS bytes,
               unnest([1, 2]) AS warc_offset,
               TIMESTAMPTZ '2025-07-01 00:00:00+00' AS fetched_at, 1 AS sequence
    """)
    search.update(con, ids)
    duplicates.update(con, ids)
