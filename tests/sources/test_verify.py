"""`verify` finds every kind of harm to the log, and nothing in a sound one; the index serves replay."""

import gzip
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.errors import Stop
from sources import Log, Place
from sources.cdxj import index_path, surt
from sources.gzipped import compress
from tests.sources.faults import FaultServer, Healthy, page
from tests.sources.kit import BEGIN, PAGE, PATH, fetch, held


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Two runs: a page, then the same page not modified."""
    log = Log(tmp_path / "warc", clock=lambda: BEGIN)
    with FaultServer() as server:
        server.pages[PATH] = Healthy(page("甲"))
        fetch(log, server.url, PAGE, run_id="one")
        fetch(log, server.url, PAGE, run_id="two")
    return log


def rewrite(log: Log, number: int, change: Callable[[bytes], bytes]) -> None:
    """Change a sealed file behind the manifest's back."""
    path = log.root / log.sealed()[number].name
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))
    path.chmod(0o444)


def enter_again(log: Log) -> None:
    """Make the manifest agree with the files, so that only their content is wrong."""
    (log.root / "manifest.jsonl").unlink()
    log.recover()


def problems(log: Log) -> set[str]:
    """The words for what is wrong."""
    return {finding.problem for finding in log.verify()}


def test_a_sound_log_has_no_finding(log: Log) -> None:
    """Captures, digests, manifest and index agree."""
    places = tuple(
        Place(
            each.capture.capture_id,
            each.capture.warc_file,
            each.capture.warc_offset,
            each.capture.warc_length,
        )
        for each in held(log)
    )
    assert len(places) == 3
    assert list(log.verify(places)) == []


def flip(content: bytes) -> bytes:
    """One bit, in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (flip, {"sha256", "torn"}),
        (lambda content: content[:-7], {"sha256", "size", "torn"}),
        (lambda content: content + b"\0", {"sha256", "size", "torn"}),
        (lambda content: content + compress(b"no record"), {"sha256", "size", "record"}),
        (lambda _: b"", {"sha256", "size"}),
    ],
)
def test_harm_to_a_file_is_found(log: Log, harm: Callable[[bytes], bytes], found: set[str]) -> None:
    """A flipped bit, a lost tail, a byte too many: the digest tells, and the place of the tear."""
    rewrite(log, 1, harm)
    assert problems(log) == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("甲".encode(), "乙".encode(), {"block-digest", "payload-digest", "revisit", "index"}),
        (b"User-Agent: moej/test", b"User-Agent: moej/fake", {"block-digest", "index"}),
    ],
)
def test_a_forged_record_is_found_by_its_digests(log: Log, old: bytes, new: bytes, found: set[str]) -> None:
    """Even where the manifest was made anew, a record does not match what it says, nor the file its index."""

    def forge(content: bytes) -> bytes:
        members, rest = [], content
        while rest:
            unpacker = zlib.decompressobj(31)
            members.append(unpacker.decompress(rest).replace(old, new))
            rest = unpacker.unused_data
        return b"".join(gzip.compress(member, 0, mtime=0) for member in members)

    rewrite(log, 0, forge)
    enter_again(log)
    assert problems(log) == found


def test_a_lost_file_is_found(log: Log) -> None:
    """A file that the manifest names is missed, and so is the payload a revisit refers to."""
    (log.root / log.sealed()[0].name).unlink()
    assert problems(log) == {"missing", "revisit"}


def test_a_lost_line_is_found(log: Log) -> None:
    """A gap in the numbers, a file without its line."""
    manifest = log.root / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes().split(b"\n", 1)[1])
    assert problems(log) == {"not-in-manifest", "number", "revisit"}


def test_an_unreadable_line_stops_the_readers_and_is_named(log: Log) -> None:
    """What the manifest cannot say is not guessed."""
    manifest = log.root / "manifest.jsonl"
    manifest.write_bytes(b"{}\n" + manifest.read_bytes())
    with pytest.raises(Stop, match=r"manifest\.jsonl line 1 cannot be read"):
        log.sealed()
    (finding,) = log.verify()
    assert finding.problem == "manifest-line"


def test_two_files_of_one_number_are_found(log: Log) -> None:
    """The arrival order must be one."""
    line = json.loads((log.root / "manifest.jsonl").read_text().splitlines()[0])
    twin = line["file"].replace("daily-one", "daily-twin")
    os.link(log.root / line["file"], log.root / twin)
    with (log.root / "manifest.jsonl").open("a") as manifest:
        manifest.write(json.dumps(line | {"file": twin}) + "\n")
    assert problems(log) == {"number"}


def test_a_writable_file_is_found(log: Log) -> None:
    """Sealed means read-only."""
    (log.root / log.sealed()[0].name).chmod(0o644)
    assert problems(log) == {"writable"}


def test_a_capture_in_the_wrong_place_is_found(log: Log) -> None:
    """Every capture of the archive must lie where the archive says."""
    capture = held(log)[1].capture
    right = Place(capture.capture_id, capture.warc_file, capture.warc_offset, capture.warc_length)
    for wrong in (
        replace(right, offset=right.offset + 1),
        replace(right, capture_id="somebody else"),
        replace(right, length=right.length + 1),
        replace(right, warc_file="2026/06/000099-daily-x.warc.gz"),
    ):
        assert [finding.problem for finding in log.verify((wrong,))] == ["place"]


def other_index(log: Log) -> bytes:
    """The index of the other file."""
    return index_path(log.root, log.sealed()[1].name).read_bytes()


@pytest.mark.parametrize(
    "harm",
    [
        lambda _log, _said: b"noise\n",
        lambda _log, _said: b"\xff\n",
        lambda _log, _said: b"",
        lambda _log, said: said.split(b"\n", 1)[1],
        lambda _log, said: said + said.split(b"\n")[0] + b"\n",
        lambda _log, said: b"\n".join(sorted(said.split(b"\n")[:-1], reverse=True)) + b"\n",
        lambda _log, said: said.replace(b'"offset":"', b'"offset":"1').replace(
            b'"offset": "', b'"offset": "1'
        ),
        lambda log, _said: other_index(log),
    ],
    ids=[
        "noise",
        "no text",
        "empty",
        "a line lost",
        "a line twice",
        "out of order",
        "wrong places",
        "another's",
    ],
)
def test_a_broken_index_is_found_and_made_again(log: Log, harm: Callable[[Log, bytes], bytes]) -> None:
    """The index may be lost at any time; a wrong one must not stay: replay and imports go by it."""
    index = index_path(log.root, log.sealed()[0].name)
    before = index.read_text()
    index.write_bytes(harm(log, before.encode()))
    assert problems(log) == {"index"}
    index.unlink()
    log.recover()
    assert index.read_text() == before


def test_an_index_that_cannot_be_read_is_named_to_who_needs_it(log: Log) -> None:
    """One line with the way out: an import goes by the indexes."""
    index_path(log.root, log.sealed()[0].name).write_text("noise\n")
    with pytest.raises(Stop, match=r"cdxj cannot be read; remove it, and the next run makes it again"):
        list(log.index())


def test_a_file_cut_between_two_records_is_not_read_as_if_whole(log: Log) -> None:
    """A rebuild would make a poorer archive of it and say nothing."""
    name = log.sealed()[0].name
    *_, last = (each.capture.warc_offset for each in held(log) if each.capture.warc_file == name)
    rewrite(log, 0, lambda content: content[:last])
    for read in (log.scan, lambda name: iter(log.cuts(name, every=1))):
        with pytest.raises(Stop, match="the manifest says"):
            next(read(name))


def test_half_a_copy_is_not_taken_for_a_sealed_file(log: Log) -> None:
    """One that the manifest does not name enters it only whole; runs go on, and `verify` names it."""
    lines = (log.root / "manifest.jsonl").read_bytes()
    rewrite(log, 1, lambda content: content[:-7])
    (log.root / "manifest.jsonl").write_bytes(lines.split(b"\n")[0] + b"\n")
    index_path(log.root, log.sealed()[0].name).unlink()
    assert log.recover() == ()
    assert problems(log) == {"not-in-manifest"}
    assert index_path(log.root, log.sealed()[0].name).exists()


def test_a_damaged_file_without_an_index_keeps_no_run_from_beginning(log: Log) -> None:
    """What is new at the site must not wait for a backup to be found."""
    rewrite(log, 0, flip)
    index_path(log.root, log.sealed()[0].name).unlink()
    assert log.recover() == ()
    assert {"sha256", "torn"} <= problems(log)


def test_a_file_that_the_disk_does_not_give_is_named(log: Log) -> None:
    """The others are checked all the same."""
    path = log.root / log.sealed()[0].name
    path.unlink()
    path.mkdir(mode=0o555)
    assert problems(log) == {"size", "unreadable", "revisit"}


@pytest.mark.parametrize(
    ("old", "new"), [('"file": "', '"file": "../../'), ('"bytes": ', '"bytes": "many", "b": ')]
)
def test_a_line_that_names_no_sealed_file_is_not_obeyed(log: Log, old: str, new: str) -> None:
    """Names become paths, sizes are counted with."""
    manifest = log.root / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace(old, new, 1))
    assert problems(log) == {"manifest-line"}


def test_pages_are_read_back_by_the_index_alone(log: Log) -> None:
    """As a replay program does: address and time → file and offset → the page, by warcio."""
    lines = [
        line
        for sealed in log.sealed()
        for line in index_path(log.root, sealed.name).read_text().splitlines()
        if PATH in line
    ]
    assert lines == sorted(lines)
    (key, stamp, said), (_, _, again) = (line.split(" ", 2) for line in lines)
    entry, revisit = json.loads(said), json.loads(again)
    assert key.endswith(f"){PATH}")
    assert (stamp, entry["mime"], entry["status"]) == ("20260602220000", "text/html", "200")
    assert (revisit["mime"], revisit["digest"]) == ("warc/revisit", entry["digest"])
    with (log.root / "2026" / "06" / entry["filename"]).open("rb") as stream:
        stream.seek(int(entry["offset"]))
        record = next(ArchiveIterator(stream))
        assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
        assert record.content_stream().read() == page("甲")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.env.go.jp/press/press_00177.html", "jp,go,env)/press/press_00177.html"),
        ("http://env.go.jp", "jp,go,env)/"),
        ("https://www.env.go.jp/A?b=C", "jp,go,env)/a?b=c"),
        ("http://127.0.0.1:8800/press/", "1,0,0,127:8800)/press"),
        ("https://www.env.go.jp/press/", "jp,go,env)/press"),
        ("https://www2.env.go.jp./x/?", "jp,go,env)/x"),
        ("http://www.env.go.jp:443/x", "jp,go,env:443)/x"),
        (
            "https://www.env.go.jp/press/press.php?serial=7&lang=2",
            "jp,go,env)/press/press.php?lang=2&serial=7",
        ),
        ("https://www.env.go.jp/x?b&a=%26&a=0", "jp,go,env)/x?&a=&a=0&b"),
        ("https://www.env.go.jp/a//b/../%7EC d.pdf", "jp,go,env)/a/~c%20d.pdf"),
        ("https://www.env.go.jp/報.pdf", "jp,go,env)/%e5%a0%b1.pdf"),
    ],
)
def test_keys_are_those_of_replay_programs(url: str, key: str) -> None:
    """The keys that the `surt` package makes, by which pywb looks up: one slash too many finds nothing."""
    assert surt(url) == key
