"""Saved files that are damaged, not ours to read, or too much: what is whole comes in, the rest is named."""

import gzip
import hashlib
from base64 import b32encode
from datetime import timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from sources import Log, import_paths
from tests.sources.faults import page
from tests.sources.importing import Import, one, warc
from tests.sources.kit import BEGIN, MINISTRY, PAGE, counting, held, note

LATER = "2025-01-01T00:00:00Z"
TWICE: list[dict[str, object]] = [{}, {"date": LATER}]


def second(tmp_path: Path) -> tuple[bytes, bytes]:
    """A record as a gzip member, and another one."""
    first = warc(tmp_path / "1.warc.gz", [{}]).read_bytes()
    return first, warc(tmp_path / "2.warc.gz", [{"date": LATER}]).read_bytes()


@pytest.mark.parametrize("cut", [3, 30, 120, 400, -4])
def test_wherever_a_packed_archive_was_torn_it_is_told(
    log: Log, run: Import, tmp_path: Path, cut: int
) -> None:
    """A tear in the head of a record, before anything of it can be used, too."""
    whole, torn = second(tmp_path)
    file = tmp_path / "a.warc.gz"
    file.write_bytes(whole + torn[:cut])
    imported = run(file)
    assert imported.problems[-1] == "a.warc.gz cannot be read to its end: the gzip data end too early"
    assert held(log)[0].payload == page()


def test_bytes_with_a_wrong_checksum_do_not_come_in(log: Log, run: Import, tmp_path: Path) -> None:
    """A page that was damaged on somebody's disk is no version of it."""
    whole, torn = second(tmp_path)
    file = tmp_path / "a.warc.gz"
    file.write_bytes(whole + torn[:-8] + bytes(4) + torn[-4:])
    imported = run(file)
    assert imported.problems[-1].startswith("a.warc.gz cannot be read to its end: ")
    assert [each.capture.fetched_at.year for each in held(log)] == [2024]


def test_a_whole_archive_packed_as_one_member_comes_in(log: Log, run: Import, tmp_path: Path) -> None:
    """As `gzip file.warc` makes it."""
    file = tmp_path / "b.warc.gz"
    file.write_bytes(gzip.compress(warc(tmp_path / "a.warc", TWICE, gzipped=False).read_bytes()))
    assert run(file).counts == {"written": 2}
    assert [each.payload for each in held(log)] == [page(), page()]


def test_zeros_behind_a_packed_archive_are_no_damage(log: Log, run: Import, tmp_path: Path) -> None:
    """Tapes and disks fill up a file with them."""
    file = warc(tmp_path / "a.warc.gz", TWICE)
    file.write_bytes(file.read_bytes() + bytes(100_000))
    imported = run(file)
    assert (imported.counts, imported.problems) == ({"written": 2}, ())
    assert len(held(log)) == 2


def test_a_digest_need_not_be_filled_up(log: Log, run: Import, tmp_path: Path) -> None:
    """SHA-256 in base32 ends in four signs that say nothing; a page whose archive left them out is whole."""
    stated = b32encode(hashlib.sha256(page()).digest()).decode().rstrip("=")
    extra = {"WARC-Block-Digest": f"sha256:{stated}"}
    record: dict[str, object] = {"kind": "resource", "type": "text/html", "body": page(), "extra": extra}
    assert run(warc(tmp_path / "a.warc.gz", [record])).counts == {"written": 1}
    assert one(log).payload == page()


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("spelt", [lambda digest: digest.hex(), lambda digest: b32encode(digest).decode()])
def test_a_record_that_is_not_what_its_digest_says_is_named(
    log: Log, run: Import, tmp_path: Path, *, right: bool, spelt: type[str]
) -> None:
    """A digest in hex or base32 is checked; a damaged page is no version."""
    body = page("甲")
    digest = hashlib.sha1(body if right else page("乙"), usedforsecurity=False).digest()
    stated = {"WARC-Block-Digest": f"sha1:{spelt(digest)}"}
    record: dict[str, object] = {"kind": "resource", "type": "text/html", "body": body, "extra": stated}
    imported = run(warc(tmp_path / "a.warc", [record], gzipped=False))
    assert imported.counts == ({"written": 1} if right else {"unusable": 1})
    assert len(held(log)) == int(right)


def test_a_record_that_does_not_say_its_length_does_not_swallow_the_next(
    log: Log, run: Import, tmp_path: Path
) -> None:
    """Without it a page would end with the head of another one."""
    file = warc(tmp_path / "a.warc", TWICE, gzipped=False)
    file.write_bytes(file.read_bytes().replace(b"Content-Length", b"X-Odd", 1))
    assert "a record has no content-length" in run(file).problems[0]
    assert held(log) == []


def test_a_damaged_wacz_is_told(log: Log, run: Import, tmp_path: Path) -> None:
    """Noise in the middle of what it packs."""
    inside = warc(tmp_path / "a.warc", [{"body": page() + bytes(range(256)) * 99}], gzipped=False)
    with ZipFile(tmp_path / "a.wacz", "w", ZIP_DEFLATED) as packed:
        packed.write(inside, "archive/a.warc")
    whole = (tmp_path / "a.wacz").read_bytes()
    middle = len(whole) // 2
    (tmp_path / "a.wacz").write_bytes(whole[:middle] + b"\xff" * 99 + whole[middle + 99 :])
    assert run(tmp_path / "a.wacz").counts == {"unusable": 1}
    assert held(log) == []


def test_a_file_that_cannot_be_read_keeps_no_other_out(log: Log, tmp_path: Path) -> None:
    """It is named, as one that somebody moved away meanwhile; the rest of the folder comes in."""
    folder = tmp_path / "saved"
    folder.mkdir()
    warc(folder / "a.warc.gz", [{}])
    (folder / "b.html").write_bytes(page())
    warc(folder / "c.warc.gz", [{}])
    warc(folder / "d.warc.gz", [{"date": LATER}])

    def move_away(_done: int, _all: int) -> None:
        for name in ("b.html", "c.warc.gz"):
            (folder / name).unlink(missing_ok=True)

    imported = import_paths(
        [folder],
        log=log,
        note=note(MINISTRY, "import", "import"),
        clock=lambda: BEGIN,
        new_id=counting(),
        progress=move_away,
    )
    assert imported.counts == {"written": 2, "unusable": 2}
    assert imported.problems == tuple(
        f"{name} cannot be read: No such file or directory" for name in ("b.html", "c.warc.gz")
    )


def test_what_is_too_long_stays_out(
    log: Log, run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that no load could read back is not written; the next one is."""
    for reader in ("archives", "saved_files"):
        monkeypatch.setattr(f"sources.{reader}.LONGEST", 5_000)
    long = page() + bytes(5_000)
    imported = run(warc(tmp_path / "a.warc.gz", [{"body": long}, {"date": LATER}]))
    assert imported.counts == {"written": 1, "unusable": 1}
    (tmp_path / "a.html").write_bytes(long)
    assert "longer than the 5,000 bytes" in run(tmp_path / "a.html", url=PAGE).problems[0]
    assert one(log).payload == page()


def test_a_capture_from_the_future_stays_out(log: Log, run: Import, tmp_path: Path) -> None:
    """It would be the newest of its page for ever, and whatever the site says later would be old."""
    imported = run(warc(tmp_path / "a.warc.gz", [{"date": "2062-06-02T00:00:00Z"}]))
    assert imported.problems == (f"a.warc.gz: {PAGE} is dated 2062-06-02 00:00 UTC, which is still to come",)
    (tmp_path / "a.txt").write_text("甲", encoding="utf-8")
    assert run(tmp_path / "a.txt", url=PAGE, at=BEGIN + timedelta(days=2)).counts == {"unusable": 1}
    assert held(log) == []


@pytest.mark.parametrize(
    "mark",
    [
        "<!-- saved from url=(0074)https://web.archive.org/web/20260201000000/{page} -->",
        "<link rel='canonical' href='//web.archive.org/web/20260201000000/{page}'>",
        "<!--\n     FILE ARCHIVED ON 03:04:05 Feb 05, 2024 AND RETRIEVED FROM THE INTERNET ARCHIVE -->",
    ],
)
@pytest.mark.parametrize("url", [PAGE, None])
def test_a_page_with_rewritten_links_stays_out(
    log: Log, run: Import, tmp_path: Path, mark: str, url: str | None
) -> None:
    """The Wayback Machine's links are not the Ministry's: they would make a version that nobody published."""
    file = tmp_path / "saved.html"
    file.write_bytes(page().replace(b"</head>", mark.format(page=PAGE).encode() + b"</head>"))
    imported = run(file, url=url)
    assert imported.counts == {"unusable": 1}
    assert "save it again with id_ behind the time" in imported.problems[0]
    assert held(log) == []
