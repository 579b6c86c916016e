"""A small archive of our own: fictional releases, a real log, and a hostile page."""

import itertools
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from sources import Log, RunNote
from tests.laid import lay
from warehouse import search
from warehouse.columns import PLACED, READ, schema
from warehouse.tables import insert

SITE: Final = "https://www.env.go.jp"
FIRST: Final = datetime(2025, 7, 1, 1, tzinfo=UTC)
THREE: Final = "20250630-press_00177"
"""A release with three versions: the second corrects the text, the third is the page's withdrawal."""
HOSTILE: Final = "20250701-press_00666"
"""A release whose every text tries to get out of the page."""
CREDITS: Final = "20250520-press_00300"
"""A release whose attachment, `LIST`, was replaced: its second version."""
LIST: Final = f"{SITE}/content/000000002.pdf"
REPLACED_AT: Final = FIRST + timedelta(days=3)
RAW: Final = "00000000-0000-4000-8000-000000000001"
IDS: Final = {
    "release_id": THREE,
    "version": "2",
    "pair": "1..2",
    "capture_id": RAW,
    "run_id": "run-1",
}
"""What fills the places in the addresses of pages."""
SCRIPT: Final = "<script>document.title='owned'</script>"
RAW_PAGE: Final = f"<html><body>{SCRIPT}<h1>原文</h1></body></html>".encode()
_CATEGORIES: Final = ("地球環境", "水・土壌", "自然環境", "再生循環")
_KINDS: Final = (
    "joint_committee",
    "credits",
    "selection",
    "event",
    "call",
    "meeting",
    "partnership",
    "study",
)
_PARTNERS: Final = ("MN", "TH", "VN", "ID", "KE", "CL", "PW", "MV", "SN")


def row(release_id: str, **fields: Any) -> dict[str, Any]:
    """A row of `release_versions`: whole by default, `fields` apart."""
    day = date(int(release_id[:4]), int(release_id[4:6]), int(release_id[6:8]))
    found: dict[str, Any] = dict.fromkeys([*READ, *PLACED])
    found |= {name: [] for name in ("categories", "joint_with", "countries", "jcm_countries", "jcm_evidence")}
    found |= {
        "release_id": release_id,
        "url": f"{SITE}/press/{release_id[9:]}.html",
        "lang": "ja",
        "title": f"お知らせ {release_id}",
        "published_on": day,
        "body": "本文である。",
        "jcm_role": "none",
        "version": 1,
        "versions": 1,
        "first_seen_at": FIRST,
        "content_hash": release_id,
        "capture_id": RAW,
        "valid_from": FIRST,
        "change": "created",
        "extractor_version": "1",
    }
    return found | fields


def series(count: int) -> list[dict[str, Any]]:
    """Fictional releases, one every nine days back from 2025-06-25; every third is about the JCM."""
    return [_one(number) for number in range(count)]


def _one(number: int) -> dict[str, Any]:
    day = date(2025, 6, 25) - timedelta(days=9 * number)
    jcm = number % 3 == 0
    kind = _KINDS[number // 3 % len(_KINDS)] if jcm else None
    partner = _PARTNERS[number // 3 % len(_PARTNERS)]
    return row(
        f"{day:%Y%m%d}-press_{number:05d}",
        title=f"二国間クレジット制度（JCM）第{number}回会合の開催について"
        if jcm
        else f"水質調査の結果（第{number}報）について",
        categories=[_CATEGORIES[number % len(_CATEGORIES)]],
        body=f"環境省は、第{number}回の結果をお知らせします。\n削減量は{number * 137 + 100}トンでした。",
        body_markdown=f"環境省は、第{number}回の結果をお知らせします。\n\n## 経緯\n\n"
        f"| 年 | 量 |\n|---|---|\n| 2024 | {number} |",
        countries=[partner] if jcm else [],
        jcm_role="subject" if jcm else "none",
        jcm_kind=kind,
        jcm_countries=[partner] if jcm else [],
        jcm_evidence=["title: 二国間クレジット制度"] if jcm else [],
        jcm_tonnes=float(number * 137 + 100) if kind == "credits" else None,
    )


def three_versions() -> list[dict[str, Any]]:
    """A release that was corrected and then withdrawn."""
    old = {
        "title": "JCMパートナー国会合の結果について",
        "categories": ["地球環境"],
        "lead": "1. 環境省は会合を開催しました。\n2. 24か国が参加しました。",
        "body": "環境省は会合を開催しました。\n24か国が参加しました。\n今後も協力を進めます。",
        "body_markdown": "環境省は会合を開催しました。\n\n24か国が参加しました。\n\n今後も協力を進めます。",
        "facts": [
            {"label": "日時", "value": "2025年6月18日（水）"},
            {"label": "場所", "value": "オンライン"},
        ],
        "contacts": [
            {
                "organisation": "環境省地球環境局国際脱炭素移行推進・環境インフラ担当参事官室",
                "phones": [{"label": "代表", "number": "03-0000-0000"}],
                "people": [{"role": "担当", "name": "環境 花子", "extension": "6772"}],
                "emails": ["jcm@example.invalid"],
            }
        ],
        "attachments": [
            {
                "title": "別紙",
                "url": f"{SITE}/content/000000001.pdf",
                "media_type": "application/pdf",
                "size_label": "628 KB",
            }
        ],
        "links": [{"title": "前回の会合", "url": f"{SITE}/press/press_00100.html"}],
        "countries": ["MN", "TH"],
        "jcm_role": "subject",
        "jcm_kind": "meeting",
        "jcm_countries": ["MN", "TH"],
        "jcm_partner_count": 30,
        "jcm_evidence": ["title: JCM"],
        "versions": 3,
    }
    new = old | {
        "body": "環境省は会合を開催しました。\n25か国が参加しました。\n今後も協力を進めます。\n"
        "※参加国数を訂正しました。",
        "body_markdown": "環境省は会合を開催しました。\n\n25か国が参加しました。\n\n今後も協力を進めます。",
        "corrections": [{"corrected_on": date(2025, 7, 10), "note": "参加国数を訂正しました。"}],
    }
    second, third = FIRST + timedelta(days=9), FIRST + timedelta(days=20)
    return [
        row(THREE, **old, valid_to=second),
        row(THREE, **new, version=2, change="changed", valid_from=second, valid_to=third, changed_at=second),
        row(
            THREE,
            **new,
            version=3,
            change="withdrawn",
            valid_from=third,
            changed_at=third,
            withdrawn_at=third,
        ),
    ]


def hostile() -> dict[str, Any]:
    """A page that tries what pages try."""
    evil = f"\"><img src=x onerror=alert(1)>{SCRIPT}{{{{7*7}}}}=cmd|' /C calc'!A0"
    return row(
        HOSTILE,
        title='=HYPERLINK("http://evil.invalid") ' + evil,
        categories=["<b>分野</b>", "=1+1"],
        lead=evil,
        body=evil,
        body_markdown=f"{evil}\n\n![x](http://evil.invalid/x.png)\n\n[押す](javascript:alert(1))\n\n"
        "[良い](https://www.env.go.jp/ok.html)\n\n# 大見出し\n\n| a | b |\n|:--|--:|\n| 1 | <i>2</i> |",
        facts=[{"label": evil, "value": evil}],
        contacts=[{"organisation": evil, "phones": [], "people": [], "emails": [evil]}],
        attachments=[
            {"title": evil, "url": "javascript:alert(1)", "media_type": None, "size_label": evil},
            {
                "title": "data",
                "url": "data:text/html,<script>1</script>",
                "media_type": None,
                "size_label": None,
            },
        ],
        links=[{"title": evil, "url": 'https://evil.invalid/" onclick="alert(1)'}],
    )


def others() -> list[dict[str, Any]]:
    """Credits with a replaced file, and a pair in two languages."""
    credits_ = row(
        CREDITS,
        title="モンゴルにおけるJCMクレジットの発行について",
        categories=["地球環境"],
        countries=["MN"],
        jcm_role="subject",
        jcm_kind="credits",
        jcm_countries=["MN"],
        jcm_tonnes=9206.0,
        attachments=[{"title": "一覧", "url": LIST, "media_type": "application/pdf", "size_label": None}],
        versions=2,
        valid_to=REPLACED_AT,
    )
    later = {"version": 2, "change": "attachment", "capture_id": "file-2"}
    later |= {"valid_from": REPLACED_AT, "valid_to": None, "changed_at": REPLACED_AT}
    return [
        credits_,
        credits_ | later,
        row("20250404-press_04670", title="JCM推進・活用会議の開催について", jcm_role="mention"),
        row(
            "20250404-en-press_03994",
            title="Meeting on the Joint Crediting Mechanism",
            lang="en",
            url=f"{SITE}/en/press/press_03994.html",
        ),
    ]


def build(folder: Path, *, count: int = 60) -> Path:
    """Make an archive in a folder, with its log and feeds; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    capture = _log(folder)
    rows = [*series(count), *three_versions(), hostile(), *others()]
    fresh = folder / "archive.fresh"
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{fresh}' AS archive (STORAGE_VERSION 'v1.2.0')")
        db.execute("USE archive")
        lay(db)
        _write(db, rows)
        _surroundings(db, capture)
        search.update(db, sorted({one["release_id"] for one in rows}))
    fresh.replace(folder / "archive.duckdb")
    feeds = folder / "feeds"
    feeds.mkdir(exist_ok=True)
    for name in ("all", "jcm"):
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{name}</title></feed>'
        (feeds / f"{name}.atom").write_text(text, encoding="utf-8")
    return folder


def grow(folder: Path, *rows: dict[str, Any]) -> None:
    """Replace the archive in a folder by one with more releases, as a load does: a new file in its place.

    The index for search is left as it was.
    """
    fresh = folder / "archive.fresh"
    shutil.copyfile(folder / "archive.duckdb", fresh)
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{fresh}' AS archive")
        db.execute("USE archive")
        _write(db, rows)
    fresh.replace(folder / "archive.duckdb")


def _write(db: duckdb.DuckDBPyConnection, rows: Sequence[dict[str, Any]]) -> None:
    columns = schema({"release_id": READ["url"], **READ, **PLACED, "extractor_version": READ["url"]})
    insert(db, "release_versions", rows, columns)


def _log(folder: Path) -> dict[str, Any]:
    """Write one real response to the log; the row of `captures` for it."""
    log = Log(folder / "warc", clock=lambda: FIRST)
    if log.sealed():
        return _captured(log)
    ids = itertools.count(1)
    writer = log.writer(
        RunNote("run-1", "run", SITE, FIRST, "moej test"),
        clock=lambda: FIRST,
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
    )
    url = f"{SITE}/press/press_00177.html"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    with writer:
        writer.saved("response", url=url, at=FIRST, body=RAW_PAGE, head=head)
    return _captured(log)


def _captured(log: Log) -> dict[str, Any]:
    from sources import Held

    (name,) = (one.name for one in log.sealed())
    held = next(entry for entry in log.scan(name) if isinstance(entry, Held))
    return {"warc_file": name, "warc_offset": held.capture.warc_offset, "bytes": len(RAW_PAGE)}


def _surroundings(db: duckdb.DuckDBPyConnection, capture: dict[str, Any]) -> None:
    page = f"{SITE}/press/press_00177.html"
    broken = f"{SITE}/press/press_00999.html"
    good = {"capture_id": RAW, "url": page, "page": page, "media_type": "text/html", "warc_length": 1}
    good |= {"verdict": "good", "revisit": False, "release_id": THREE, "reading_id": RAW, "version": 1}
    bad = {"capture_id": "broken-1", "url": broken, "page": broken, "bytes": 0, "verdict": "unreadable"}
    bad |= {"reason": "no title", "detail": f"found {SCRIPT}", "outcome": "quarantined"}
    shared: dict[str, Any] = {
        "fetched_at": FIRST,
        "status": 200,
        "family": "release",
        "run_id": "run-1",
        "sequence": 1,
    }
    _add(db, "captures", good | capture | shared | {"change": "created", "outcome": "loaded"})
    _add(db, "captures", bad | shared)
    for number, (at, text) in enumerate(
        [(FIRST, "発行量 9206トン"), (REPLACED_AT, "発行量 9260トン")], start=1
    ):
        file = {"capture_id": f"file-{number}", "url": LIST, "page": LIST, "bytes": 100 * number}
        file |= {"digest": f"sha256:FILE{number}", "verdict": "good", "media_type": "application/pdf"}
        _add(db, "captures", shared | file | {"family": "file", "fetched_at": at, "sequence": number})
        _add(db, "documents", {"digest": file["digest"], "pages": 1, "text": text})
    for number in range(12):
        start = FIRST + timedelta(days=number)
        ended = {"started_at": start, "finished_at": start + timedelta(minutes=3), "status": "done"}
        note = {"run_id": f"run-{number + 1}", "kind": "run", "site": SITE, "requests": 12}
        _add(db, "run_notes", note | ended)
    alert: dict[str, Any] = {
        "alert_id": "alert-0001",
        "rule": "jcm",
        "release_id": THREE,
        "capture_id": RAW,
        "lang": "ja",
    }
    alert |= {"change": "created", "run_id": "run-1", "raised_at": FIRST, "channels": ["mail"]}
    _add(db, "alerts", alert)
    sent = {"alert_id": "alert-0001", "channel": "mail", "attempt": 1, "attempted_at": FIRST}
    _add(db, "deliveries", sent | {"outcome": "delivered"})
    pairs = [
        ("20250404-press_04670", "20250404-en-press_03994", "translation"),
        ("20250625-press_00000", "20250529-press_00003", "sibling"),
        (THREE, "http://www.env.go.jp/press/press_00177.html", "alias"),
    ]
    for one, other, kind in pairs:
        _add(db, "duplicates", {"release_id": one, "other_id": other, "kind": kind, "similarity": 0.9})
    _add(db, "meta", {"key": "extractor_version", "value": "1"})


def _add(db: duckdb.DuckDBPyConnection, table: str, values: dict[str, Any]) -> None:
    """Insert one row, by name."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - ours
