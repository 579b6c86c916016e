"""Replay: warcio's own tools and the index beside the files lead other programs to every page and revisit."""

import gzip
import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio

from sources import Log
from sources.cdxj import index_path, surt
from tests.sources.faults import page
from tests.sources.kit import BEGIN, MINISTRY, PAGE
from tests.sources.test_log import exchange, known, write

INDEX = f"{MINISTRY}/press/"
SERIAL = f"{MINISTRY}/press/press.php?serial=7&lang=2"
PACKED = f"{MINISTRY}/press/press_05002.html"
BLANK = f"{MINISTRY}/content/a b.html"
PAGES = {PAGE: page(), INDEX: page("一覧"), SERIAL: page("旧"), PACKED: page("圧縮"), BLANK: page("空白")}
LINE = re.compile(r"(?P<key>\S+) (?P<stamp>\d{14}) (?P<said>\{.*\})")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an index, as another program takes it apart."""

    key: str
    stamp: str
    said: dict[str, str]
    folder: Path

    @property
    def file(self) -> str:
        """Where the record lies."""
        return str(self.folder / self.said["filename"])


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Two files: pages of every kind of address, then what was asked again a day later."""
    log = Log(tmp_path / "warc", clock=lambda: BEGIN)
    packed = exchange(gzip.compress(PAGES[PACKED], mtime=0), url=PACKED, Content_Encoding="gzip")
    with write(log) as writer:
        first = known(writer.exchange(exchange()).capture)
        writer.exchange(replace(exchange(), started_at=BEGIN + timedelta(hours=1)), first)
        writer.exchange(exchange(PAGES[INDEX], url=INDEX))
        writer.exchange(exchange(PAGES[SERIAL], url=SERIAL))
        second = known(writer.exchange(packed).capture)
        writer.saved("resource", url=BLANK, at=BEGIN, body=PAGES[BLANK], media_type="text/html")
    with write(log, "run-2", 1000) as writer:
        for seen in (first, second):
            again = exchange(b"", 304, url=seen.url)
            writer.exchange(replace(again, started_at=BEGIN + timedelta(days=1)), seen)
    return log


def lines(log: Log) -> list[Line]:
    """All lines of all indexes; an error if one is not of the form replay programs read."""
    found = []
    for sealed in log.sealed():
        index = index_path(log.root, sealed.name)
        for text in index.read_text(encoding="utf-8").splitlines():
            line = LINE.fullmatch(text)
            assert line is not None, text
            found.append(Line(line["key"], line["stamp"], json.loads(line["said"]), index.parent))
    return found


def extracted(line: Line, capsysbinary: pytest.CaptureFixture[bytes]) -> bytes:
    """What `warcio extract --payload` prints for the place a line names."""
    warcio(["extract", "--payload", line.file, line.said["offset"]])
    return capsysbinary.readouterr().out


def test_lines_have_what_replay_programs_need(log: Log) -> None:
    """Key, 14 digits and a JSON object of strings with the seven fields; sorted by bytes, file by file."""
    for line in lines(log):
        assert line.key == surt(line.said["url"])
        assert {"url", "mime", "status", "digest", "length", "offset", "filename"} <= line.said.keys()
        assert {type(value) for value in line.said.values()} == {str}
    for sealed in log.sealed():
        rows = index_path(log.root, sealed.name).read_bytes().splitlines()
        assert rows == sorted(rows)
    assert [line.said["mime"] for line in lines(log)].count("warc/revisit") == 3


def test_warcio_indexes_the_same_places(log: Log, tmp_path: Path) -> None:
    """`warcio index` finds each page and revisit where our index says, with the same address and digest."""
    fields = {
        "offset": "offset",
        "length": "length",
        "filename": "filename",
        "warc-target-uri": "url",
        "warc-payload-digest": "digest",
    }
    out = tmp_path / "index.jsonl"
    theirs = []
    for sealed in log.sealed():
        warcio(["index", "-f", ",".join(["warc-type", *fields]), "-o", str(out), str(log.root / sealed.name)])
        records = [json.loads(text) for text in out.read_text(encoding="utf-8").splitlines()]
        theirs += [row for row in records if row["warc-type"] in {"response", "revisit", "resource"}]
    ours = [{name: line.said[field] for name, field in fields.items()} for line in lines(log)]
    # warcio writes a blank in an address as %20; the log keeps it as it was recorded.
    spelt = [row | {"warc-target-uri": row["warc-target-uri"].replace(" ", "%20")} for row in ours]
    stripped = [{name: row[name] for name in fields} for row in theirs]
    assert sorted(map(str, spelt)) == sorted(map(str, stripped))


def test_warcio_reads_every_page_back_by_our_offsets(
    log: Log, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """`warcio extract --payload` at the place of each response gives the page, unpacked."""
    pages = {
        line.said["url"]: extracted(line, capsysbinary)
        for line in lines(log)
        if line.said["mime"] != "warc/revisit"
    }
    assert pages == PAGES


def test_a_revisit_leads_to_its_page_by_the_index(
    log: Log, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """By the address and time that a revisit refers to, the index gives the page, also from another file."""
    places = {(line.key, line.stamp): line for line in lines(log)}
    found = {}
    for line in (each for each in places.values() if each.said["mime"] == "warc/revisit"):
        with Path(line.file).open("rb") as stream:
            stream.seek(int(line.said["offset"]))
            headers = next(ArchiveIterator(stream)).rec_headers
        stamp = re.sub(r"\D", "", headers.get_header("WARC-Refers-To-Date"))[:14]
        first = places[surt(headers.get_header("WARC-Refers-To-Target-URI")), stamp]
        assert first.said["digest"] == line.said["digest"]
        found[line.said["url"], line.stamp] = extracted(first, capsysbinary)
    assert found == {
        (PAGE, "20260602230000"): PAGES[PAGE],
        (PAGE, "20260603220000"): PAGES[PAGE],
        (PACKED, "20260603220000"): PAGES[PACKED],
    }


def test_an_address_with_a_blank_leaves_the_index_readable(log: Log) -> None:
    """Other programs recorded such addresses; a blank in a key would shift the columns for every reader."""
    (place,) = (each for each in log.index() if each.url == BLANK)
    assert log.payload(place.warc_file, place.offset) == PAGES[BLANK]
