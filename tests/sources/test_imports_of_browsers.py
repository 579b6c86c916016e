"""Imports of what browsers save: WACZ, and the HAR files of their developer tools."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from sources import Log
from tests.sources.faults import page
from tests.sources.importing import Import, one, warc
from tests.sources.kit import MINISTRY, PAGE, held


def test_a_wacz_is_the_archives_in_it(log: Log, run: Import, tmp_path: Path) -> None:
    """What browser extensions export packs WARC files; its pages and indexes are not looked at."""
    inside = warc(tmp_path / "data.warc.gz", [{}]).read_bytes()
    with ZipFile(tmp_path / "a.wacz", "w") as packed:
        packed.writestr("archive/data.warc.gz", inside)
        packed.writestr("archive/notes.txt", "no archive")
        packed.writestr("pages/pages.jsonl", "{}")
    assert run(tmp_path / "a.wacz").counts == {"written": 1}
    assert (one(log).payload, one(log).capture.page) == (page(), PAGE)
    (tmp_path / "b.wacz").write_bytes(b"PK, but no zip")
    assert "b.wacz cannot be read to its end" in run(tmp_path / "b.wacz").problems[0]


def har(path: Path, *entries: dict[str, object]) -> Path:
    """A HAR file of answers to GET, as a browser's developer tools save it."""
    said: list[dict[str, object]] = []
    for entry in entries:
        response = {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "content-encoding", "value": "br"}, {"name": "ETag", "value": '"one"'}],
            "content": {"size": 9, "mimeType": "text/html; charset=Shift_JIS", "text": page().decode()},
        } | entry
        asked = {"method": entry.get("method", "GET"), "url": entry.get("url", PAGE)}
        at = entry.get("at", "2026-05-01T18:30:00.125+09:00")
        said.append({"startedDateTime": at, "request": asked, "response": response})
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": said}}), encoding="utf-8")
    return path


def test_a_har_file_gives_its_answers(log: Log, run: Import, tmp_path: Path) -> None:
    """Decoded bodies under the address and time recorded; text is UTF-8 whatever the header said."""
    file = har(tmp_path / "a.har", {}, {"method": "POST"}, {"url": "https://www.example.org/"}, {"status": 0})
    assert run(file).counts == {"written": 1, "foreign": 1}
    capture = one(log).capture
    assert (capture.page, capture.fetched_at) == (PAGE, datetime(2026, 5, 1, 9, 30, 0, 125000, tzinfo=UTC))
    assert (one(log).payload, capture.verdict) == (page(), "good")
    assert (capture.media_type, capture.charset, capture.etag) == ("text/html", "utf-8", '"one"')
    assert run(file).counts == {"held": 1, "foreign": 1}
    assert list(log.verify()) == []


def test_a_har_file_keeps_files_as_they_are(log: Log, run: Import, tmp_path: Path) -> None:
    """What is no text is saved in base64."""
    pdf = b"%PDF-1.7 \xff\xfe"
    content = {
        "size": len(pdf),
        "mimeType": "application/pdf",
        "encoding": "base64",
        "text": base64.b64encode(pdf).decode(),
    }
    run(har(tmp_path / "a.har", {"url": f"{MINISTRY}/content/000000001.pdf", "content": content}))
    assert (one(log).payload, one(log).capture.media_type) == (pdf, "application/pdf")


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ({"content": {"size": 100, "mimeType": "text/html"}}, "save it with content"),
        ({"status": 304, "content": {"size": 0}}, "without the cache"),
        ({"content": {"size": 1, "encoding": "base64", "text": "?"}}, "cannot be used"),
        ({"at": "yesterday"}, "cannot be used"),
        ({"headers": [{"name": "X"}]}, "cannot be used"),
    ],
)
def test_an_entry_that_cannot_be_used_is_told(
    log: Log, run: Import, tmp_path: Path, entry: dict[str, object], word: str
) -> None:
    """The others of the file come in."""
    imported = run(har(tmp_path / "a.har", entry, {}))
    assert imported.counts == {"written": 1, "unusable": 1}
    assert word in imported.problems[0]
    assert len(held(log)) == 1


def test_a_header_in_a_har_file_cannot_begin_another(log: Log, run: Import, tmp_path: Path) -> None:
    """A line break in a value stays inside the value."""
    value = "1\r\nLocation: https://www.example.org/"
    run(har(tmp_path / "a.har", {"headers": [{"name": "X-Odd", "value": value}]}))
    assert one(log).capture.location is None


@pytest.mark.parametrize("text", ["", "[]", '{"log": 1}', '{"log": {"entries": 1}}', "[" * 100_000])
def test_a_file_that_is_no_har_harms_nothing(log: Log, run: Import, tmp_path: Path, text: str) -> None:
    """It is unusable, or empty, and never fatal."""
    (tmp_path / "a.har").write_text(text)
    assert run(tmp_path / "a.har").written == 0
    assert held(log) == []
