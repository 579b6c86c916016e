"""Imports: what others saved, with the address and the time they recorded, once each."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.errors import Usage
from sources import Log, import_paths
from sources.saved_files import stated
from tests.sources.faults import page
from tests.sources.importing import WAYBACK, Import, one, warc
from tests.sources.kit import BEGIN, MINISTRY, PAGE, counting, entries, held, note


def test_a_saved_text_is_archived_under_its_address(log: Log, run: Import, tmp_path: Path) -> None:
    """Plain text is kept byte for byte as a resource of that page, taken now."""
    file = tmp_path / "saved.txt"
    file.write_text("報道発表資料\n2025年06月30日\n", encoding="utf-8")
    assert run(file, url="http://env.go.jp/press/press_05001.html?utm_source=x").counts == {"written": 1}
    capture = one(log).capture
    assert one(log).payload == file.read_bytes()
    assert (capture.page, capture.media_type, capture.charset, capture.verdict) == (
        PAGE,
        "text/plain",
        "utf-8",
        "good",
    )
    assert capture.fetched_at == BEGIN + timedelta(hours=1)
    assert list(log.verify()) == []


def test_the_seed_is_imported_as_it_is(log: Log, run: Import, seed: Path) -> None:
    """One real release as saved text."""
    assert run(seed, url=PAGE).written == 1
    assert one(log).payload == seed.read_bytes()


def test_the_same_again_is_held_and_an_edit_is_new(log: Log, run: Import, tmp_path: Path) -> None:
    """Undated files are compared with the newest capture of their page: A, A, B, A are three."""
    file = tmp_path / "saved.txt"
    outcomes = []
    for text in ("甲", "甲", "乙", "甲"):
        file.write_text(text, encoding="utf-8")
        outcomes.append(dict(run(file, url=PAGE).counts))
    assert outcomes == [{"written": 1}, {"held": 1}, {"written": 1}, {"written": 1}]
    assert [(each.payload or b"").decode() for each in held(log)] == ["甲", "乙", "甲"]


def test_a_given_time_dates_an_undated_file(log: Log, run: Import, tmp_path: Path) -> None:
    """`at` is the capture time; the same page at the same time with the same bytes is held."""
    file = tmp_path / "saved.txt"
    file.write_text("甲", encoding="utf-8")
    moment = datetime(2020, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    assert run(file, url=PAGE, at=moment).written == 1
    assert one(log).capture.fetched_at == moment
    assert run(file, url=PAGE, at=moment).counts == {"held": 1}


@pytest.mark.parametrize(
    ("html", "url", "at"),
    [
        (
            b'<head><link rel="canonical" href="https://www.env.go.jp/press/1.html">',
            "https://www.env.go.jp/press/1.html",
            None,
        ),
        (
            b"<link href=https://www.env.go.jp/press/1.html rel=canonical>",
            "https://www.env.go.jp/press/1.html",
            None,
        ),
        (
            b"<!-- saved from url=(0041)https://www.env.go.jp/press/2.html -->",
            "https://www.env.go.jp/press/2.html",
            None,
        ),
        (
            (
                b"<!--\n Page saved with SingleFile \n url: https://www.env.go.jp/press/3.html \n"
                b" saved date: Tue Jul 01 2025 09:12:33 GMT+0900 (Japan Standard Time)\n-->"
            ),
            "https://www.env.go.jp/press/3.html",
            datetime(2025, 7, 1, 0, 12, 33, tzinfo=UTC),
        ),
        (b"<link rel='stylesheet' href='/a.css'><p>https://www.env.go.jp/press/4.html", None, None),
    ],
)
def test_a_saved_page_may_say_what_it_is(html: bytes, url: str | None, at: datetime | None) -> None:
    """`rel=canonical`, the browser's comment and SingleFile's name the page, the last its time as well."""
    assert stated(html) == (url, at)


def test_a_page_saved_as_utf_16_is_a_page(log: Log, run: Import, tmp_path: Path) -> None:
    """What a browser saved as "Unicode" says its address, is HTML without a name that says so, and good."""
    link = '<head><link rel="canonical" href="https://www.env.go.jp/press/press_05001.html">'
    file = tmp_path / "saved.txt"
    file.write_bytes(page().decode().replace("<head>", link).encode("utf-16"))
    assert run(file).counts == {"written": 1}
    capture = one(log).capture
    assert (capture.page, capture.media_type, capture.verdict) == (PAGE, "text/html", "good")


def test_a_folder_of_pages(log: Log, run: Import, tmp_path: Path) -> None:
    """Pages that name themselves come in; nameless ones and other files are told or left."""
    folder = tmp_path / "saved" / "deep"
    folder.mkdir(parents=True)
    link = f"<link rel='canonical' href='{PAGE}'></head>".encode()
    (folder / "a.html").write_bytes(page().replace(b"</head>", link))
    (folder / "b.htm").write_bytes(page())
    (folder / "style.css").write_text("p {}")
    warc(folder / "c.warc.gz", [{"url": PAGE.replace("05001", "05002")}])
    imported = run(tmp_path / "saved")
    assert imported.counts == {"written": 2, "unnamed": 1}
    assert imported.problems == ("b.htm does not say which page it is; import it alone with --url",)
    assert len(held(log)) == 2


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "noname"])
def test_a_warc_keeps_address_and_time(log: Log, run: Import, tmp_path: Path, name: str) -> None:
    """Response records of any program come in as they were recorded, once."""
    file = warc(tmp_path / name, [{}, {"kind": "warcinfo", "body": b""}], gzipped=name.endswith("gz"))
    assert run(file).counts == {"written": 1}
    assert run(file).counts == {"held": 1}
    capture = one(log).capture
    assert (capture.page, capture.fetched_at) == (PAGE, datetime(2024, 2, 5, 3, 4, 5, tzinfo=UTC))
    assert (capture.status, one(log).payload) == (200, page())
    record = log.record(capture.warc_file, capture.warc_offset)
    assert record.fields["warc-moej-copied-from"].startswith("<urn:uuid:")


def test_two_captures_of_one_page_are_two(log: Log, run: Import, tmp_path: Path) -> None:
    """The same bytes at another time are another capture; the order of arrival does not matter."""
    file = warc(tmp_path / "a.warc.gz", [{"date": "2025-01-01T00:00:00Z"}, {"date": "2024-01-01T00:00:00Z"}])
    assert run(file).written == 2
    assert [each.capture.fetched_at.year for each in held(log)] == [2025, 2024]


def test_bodies_in_chunks_and_compressed(log: Log, run: Import, tmp_path: Path) -> None:
    """Crawlers that keep the raw transfer leave chunks in the body; our log has none."""
    packed = gzip.compress(page(), mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    file = warc(
        tmp_path / "a.warc.gz",
        [{"body": chunked, "head": {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"}}],
    )
    run(file)
    assert one(log).payload == page()
    assert one(log).capture.verdict == "good"
    assert list(log.verify()) == []


def test_a_body_stored_decoded_under_its_old_headers(log: Log, run: Import, tmp_path: Path) -> None:
    """Some archives decode the body and keep the header of the encoding."""
    run(warc(tmp_path / "a.warc.gz", [{"head": {"Content-Encoding": "br", "Content-Length": "10"}}]))
    assert one(log).payload == page()
    assert one(log).capture.verdict == "good"


def test_resources_and_conversions(log: Log, run: Import, tmp_path: Path) -> None:
    """Saved pages without HTTP, and the text that Common Crawl made of them."""
    file = warc(
        tmp_path / "a.warc.wet.gz",
        [
            {"kind": "resource", "type": "text/html"},
            {
                "kind": "conversion",
                "type": "text/plain",
                "body": "報道発表".encode(),
                "date": "2024-03-01T00:00:00Z",
            },
        ],
    )
    assert run(file).written == 2
    assert [(each.capture.media_type, each.capture.verdict) for each in held(log)] == [
        ("text/html", "good"),
        ("text/plain", "good"),
    ]


def test_a_revisit_finds_the_payload_it_stands_for(log: Log, run: Import, tmp_path: Path) -> None:
    """By address and time, or by the other archive's digest; without the payload it is told and left out."""
    refers = {"WARC-Refers-To-Target-URI": PAGE, "WARC-Refers-To-Date": WAYBACK}
    digest = {"WARC-Payload-Digest": "sha1:A2VOVH3O2WYC2GMFGXGCQFGFXM4DVGQ7"}
    first = warc(tmp_path / "a.warc.gz", [{"extra": digest}])
    second = warc(
        tmp_path / "b.warc.gz",
        [
            {"kind": "revisit", "body": b"", "date": "2025-01-01T00:00:00Z", "extra": refers | digest},
            {
                "kind": "revisit",
                "body": b"",
                "date": "2025-02-01T00:00:00Z",
                "extra": {"WARC-Payload-Digest": "sha1:X"},
            },
        ],
    )
    run(first)
    imported = run(second)
    assert imported.counts == {"written": 1, "unusable": 1}
    assert "whose payload is in no archive given so far" in imported.problems[0]
    good, revisit = (each.capture for each in held(log))
    assert (revisit.revisit, revisit.digest, revisit.verdict) == (True, good.digest, "unchanged")
    assert list(log.verify()) == []


def test_what_is_not_ours_stays_out(log: Log, run: Import, tmp_path: Path) -> None:
    """Foreign hosts are refused and counted; own pages of no interest too."""
    file = warc(
        tmp_path / "a.warc.gz",
        [
            {"url": "https://www.example.org/press/press_05001.html"},
            {"url": "https://www.env.go.jp.example.org/"},
            {"url": f"{MINISTRY}/css/common.css"},
            {
                "url": f"{MINISTRY}/content/000001.pdf",
                "head": {"Content-Type": "application/pdf"},
                "body": b"%PDF-1.7",
            },
            {},
        ],
    )
    assert run(file).counts == {"foreign": 2, "other": 1, "written": 2}
    assert {each.capture.family for each in held(log)} == {"file", "release"}


def test_bad_answers_come_in_with_their_verdict(log: Log, run: Import, tmp_path: Path) -> None:
    """An archive's 404 is evidence, its maintenance page is not."""
    run(
        warc(
            tmp_path / "a.warc.gz",
            [
                {"status": "404 Not Found"},
                {"status": "503 Service Unavailable", "date": "2024-03-01T00:00:00Z"},
                {"date": "2024-04-01T00:00:00Z", "extra": {"WARC-Truncated": "length"}},
            ],
        )
    )
    assert [each.capture.verdict for each in held(log)] == ["gone", "maintenance", "truncated"]


def test_a_torn_archive_gives_what_is_whole(log: Log, run: Import, tmp_path: Path) -> None:
    """A file cut in the middle of a record loses that record, and says so."""
    whole = warc(tmp_path / "a.warc", [{}, {"date": "2025-01-01T00:00:00Z"}], gzipped=False)
    file = tmp_path / "b.warc"
    file.write_bytes(whole.read_bytes()[:-200])
    imported = run(file)
    assert imported.counts == {"written": 1, "unusable": 1}
    assert "is cut off" in imported.problems[0]
    assert len(held(log)) == 1


def test_noise_in_an_archive_harms_nothing(log: Log, run: Import, tmp_path: Path) -> None:
    """A file that only bears the name of a WARC is unusable, not fatal."""
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"\x1f\x8b" + b"\xff" * 100)
    assert run(file).written == 0
    (tmp_path / "b.warc").write_bytes(b"WARC/1.0\r\nnonsense\r\n\r\n")
    assert run(tmp_path / "b.warc").written == 0
    assert held(log) == []
    assert list(log.verify()) == []


def test_our_own_log_can_be_imported_into_another(log: Log, run: Import, tmp_path: Path) -> None:
    """A copy made by import holds the same captures, to the microsecond."""
    file = tmp_path / "saved.txt"
    file.write_text("甲", encoding="utf-8")
    run(file, url=PAGE, at=BEGIN + timedelta(microseconds=7))
    other = Log(tmp_path / "other")
    import_paths(
        [log.root],
        log=other,
        note=note(MINISTRY, "copy", "import"),
        clock=lambda: BEGIN,
        new_id=counting(),
    )
    copy, original = one(other).capture, one(log).capture
    assert (copy.page, copy.fetched_at, copy.digest) == (original.page, original.fetched_at, original.digest)


@pytest.mark.parametrize(
    ("name", "content", "url", "words"),
    [
        ("a.txt", "甲", None, "does not say which page it is; give its address with --url"),
        ("a.html", "<html></html>", None, "does not say which page it is"),
        ("a.txt", "甲", "https://www.example.org/", "is not an address of the Ministry"),
        ("a.warc", "WARC/1.0", PAGE, "names the page of one saved HTML or text file"),
        ("", "", None, "nothing to import"),
    ],
)
def test_what_cannot_be_imported_is_refused_at_once(  # noqa: PLR0913, PLR0917 - a table of cases
    log: Log, run: Import, tmp_path: Path, name: str, content: str, url: str | None, words: str
) -> None:
    """The message names the file and the mend; nothing is written."""
    folder = tmp_path / "given"
    folder.mkdir()
    path = folder / name if name else folder
    if name:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Usage, match=words):
        run(path, url=url)
    assert log.sealed() == ()


def test_a_path_that_does_not_exist_is_refused(run: Import, tmp_path: Path) -> None:
    """A typing error is told as such."""
    with pytest.raises(Usage, match="does not exist"):
        run(tmp_path / "nowhere.txt", url=PAGE)


def test_an_import_is_a_run_in_the_log(log: Log, run: Import, tmp_path: Path) -> None:
    """Even one that brought nothing new leaves its note, with its end."""
    file = tmp_path / "saved.txt"
    file.write_text("甲", encoding="utf-8")
    run(file, url=PAGE)
    run(file, url=PAGE)
    *_, begun, ended = entries(log)
    assert begun == note(MINISTRY, "import-2", "import", BEGIN + timedelta(hours=2))
    assert getattr(ended, "status", None) == "done"
