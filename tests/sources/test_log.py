"""The log: what is written comes back, other programs read it, and a torn tail costs nothing whole."""

import gzip
import json
import os
import pickle
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.errors import Stop
from sources import Capture, Failure, Held, Known, Log, RunNote
from sources.cdxj import index_path
from sources.exchange import Exchange
from sources.gzipped import Torn, compress, members
from sources.writer import LogWriter
from tests.sources.faults import page
from tests.sources.kit import BEGIN, MINISTRY, PAGE, counting, entries, held, note, open_files

GOLDEN = Path(__file__).parent / "golden.warc"


def exchange(body: bytes = page(), status: int = 200, url: str = PAGE, **fields: str) -> Exchange:
    """One answer of the site; `fields` are more headers, with `_` for `-`."""
    headers = {"Content-Type": "text/html; charset=UTF-8", "ETag": '"one"'}
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    return Exchange(
        url=url,
        started_at=BEGIN,
        seconds=0.25,
        method=b"GET",
        target=b"/press/press_05001.html",
        request_headers=((b"Host", b"www.env.go.jp"), (b"User-Agent", b"moej/test")),
        status=status,
        version=b"HTTP/1.1",
        reason=b"OK" if status == 200 else b"Not Modified",
        headers=tuple((name.encode(), value.encode()) for name, value in headers.items()),
        body=body,
    )


def known(capture: Capture) -> Known:
    """What an archive knows after this capture."""
    return Known(
        capture.page,
        capture.digest,
        capture.capture_id,
        capture.url,
        capture.fetched_at,
        capture.fetched_at,
        capture.etag,
    )


def write(log: Log, run_id: str = "run-1", start: int = 0, max_bytes: int = 10**9) -> LogWriter:
    """The writing end of a run whose clock stands still."""
    return log.writer(
        note(MINISTRY, run_id), clock=lambda: BEGIN, new_id=counting(start), max_bytes=max_bytes
    )


@pytest.fixture
def full(log: Log) -> Log:
    """A log of one run: a page, the same page by 304 and by its bytes, a failure."""
    with write(log) as writer:
        first = known(writer.exchange(exchange()).capture)
        writer.exchange(exchange(b"", 304), first)
        writer.exchange(exchange(), first)
        writer.failure(PAGE.replace("05001", "05002"), "timeout", "no answer in time")
    return log


def test_a_file_is_these_very_bytes(full: Log) -> None:
    """With ids and clock given, a file of the log is known byte by byte; so is its unpacked text."""
    name = full.sealed()[0].name
    assert name == "2026/06/000001-daily-run-1.warc.gz"
    found = gzip.decompress((full.root / name).read_bytes())
    if not GOLDEN.exists():
        GOLDEN.write_bytes(found)
        pytest.fail(f"{GOLDEN.name} was missing and is written now; look at it, then run again")
    assert found == GOLDEN.read_bytes()


def test_a_scan_gives_what_was_written(full: Log) -> None:
    """The run, its captures with payload, its failures and its end, in order."""
    begun, good, not_modified, same, failure, ended = entries(full)
    assert begun == note(MINISTRY)
    assert isinstance(good, Held)
    assert good.payload == page()
    assert (good.capture.verdict, good.capture.page, good.capture.etag) == ("good", PAGE, '"one"')
    for revisit in (not_modified, same):
        assert isinstance(revisit, Held)
        assert revisit.payload is None
        assert (revisit.capture.verdict, revisit.capture.digest) == ("unchanged", good.capture.digest)
        assert revisit.capture.bytes == 0
    assert failure == Failure("run-1", PAGE.replace("05001", "05002"), BEGIN, "timeout", "no answer in time")
    assert ended == replace(
        note(MINISTRY), finished_at=BEGIN, status="done", requests=3, bytes_received=2 * len(page())
    )


def test_the_writer_says_what_a_scan_says(log: Log) -> None:
    """A run sees a capture as every later rebuild will, but for the name of the file that is still open."""
    with write(log) as writer:
        seen = writer.exchange(exchange(gzip.compress(page(), mtime=0), Content_Encoding="gzip"))
    (scanned,) = held(log)
    assert replace(seen.capture, warc_file=scanned.capture.warc_file) == scanned.capture
    assert seen.payload == scanned.payload == page()


def test_every_capture_can_be_read_at_its_place(full: Log) -> None:
    """A capture's file and offset lead to its payload; a revisit has none and says so."""
    good, not_modified, _ = (each.capture for each in held(full))
    assert full.payload(good.warc_file, good.warc_offset) == page()
    with pytest.raises(Stop, match="holds no payload of its own"):
        full.payload(not_modified.warc_file, not_modified.warc_offset)
    with pytest.raises(Stop, match="damaged"):
        full.payload(good.warc_file, good.warc_offset + 1)
    with pytest.raises(Stop, match="missing from the log"):
        full.payload("2026/06/000009-daily-x.warc.gz", 0)


def test_a_file_that_the_disk_does_not_give_is_named(full: Log) -> None:
    """Not the archive that is made of it; whoever mends the disk must know which file it is about."""
    name = full.sealed()[0].name
    (full.root / name).unlink()
    (full.root / name).mkdir()
    for read in (lambda: list(full.scan(name)), lambda: full.record(name, 0)):
        with pytest.raises(Stop, match=f"{name} cannot be read: Is a directory"):
            read()


def test_warcio_reads_and_checks_every_file(full: Log) -> None:
    """`warcio check` finds all digests right, and `warcio index` the addresses."""
    file = full.root / full.sealed()[0].name
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.count("digest pass") == 7
    with file.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
        "revisit",
        "request",
        "metadata",
        "metadata",
    ]


def test_chunks_do_not_confuse_other_readers(log: Log) -> None:
    """A body is archived without its chunks, and the head no longer promises them."""
    with write(log) as writer:
        writer.exchange(exchange(Transfer_Encoding="chunked"))
    with (log.root / log.sealed()[0].name).open("rb") as stream:
        answer = next(record for record in ArchiveIterator(stream) if record.rec_type == "response")
        assert answer.content_stream().read() == page()
        assert answer.http_headers.get_header("X-Archive-Orig-Transfer-Encoding") == "chunked"


def test_a_sealed_file_is_read_only_and_in_the_manifest(full: Log) -> None:
    """Sealing means: numbered, read-only, with its digest in the manifest, an index beside it."""
    (sealed,) = full.sealed()
    path = full.root / sealed.name
    assert path.stat().st_mode & 0o777 == 0o444
    assert path.stat().st_size == sealed.bytes
    assert open_files(full.root) == []
    line = json.loads((full.root / "manifest.jsonl").read_text())
    assert line == {
        "file": sealed.name,
        "sha256": sealed.sha256,
        "bytes": sealed.bytes,
        "sealed_at": "2026-06-02T22:00:00.000000Z",
    }


def test_a_file_over_the_limit_is_sealed_and_a_next_begun(log: Log) -> None:
    """A long run makes several files; each names the run, only the last one its end."""
    with write(log, max_bytes=4_000) as writer:
        for number in range(12):
            writer.exchange(exchange(page(text=str(number))))
    files = log.sealed()
    assert len(files) > 2
    assert all(file.bytes <= 6_000 for file in files)
    assert [file.sequence for file in files] == list(range(1, len(files) + 1))
    for file in files:
        first, second = (log.record(file.name, offset) for offset in (0, log.record(file.name, 0).length))
        assert second.fields["warc-warcinfo-id"] == first.fields["warc-record-id"]
    notes = [entry for entry in entries(log) if isinstance(entry, RunNote)]
    assert {each.run_id for each in notes} == {"run-1"}
    assert [each.status for each in notes] == [None] * len(files) + ["done"]
    assert [each.payload for each in held(log)] == [page(text=str(number)) for number in range(12)]


def test_an_error_ends_the_run_as_failed_and_keeps_what_was_written(log: Log) -> None:
    """Leaving by an error seals the file; the end of the run says what happened."""
    writer = write(log)
    writer.exchange(exchange())
    error = Stop("the site is unreachable")
    writer.__exit__(type(error), error, None)
    *_, ended = entries(log)
    assert isinstance(ended, RunNote)
    assert (ended.status, ended.error, ended.requests) == ("failed", "the site is unreachable", 1)


def test_a_full_disk_leaves_no_half_record(log: Log) -> None:
    """A write that fails in the middle is taken back; what comes after it is sound."""
    with write(log) as writer:
        writer.exchange(exchange())
        size, limits = open_files(log.root)[0].stat().st_size, resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, limits[1]))
        try:
            with pytest.raises(Stop, match=r"cannot be written: File too large; free space"):
                writer.exchange(exchange(page("乙")))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert open_files(log.root)[0].stat().st_size == size
        writer.exchange(exchange(page("丙")))
    assert [each.payload for each in held(log)] == [page(), page("丙")]
    assert list(log.verify()) == []


def test_a_disk_that_stays_full_leaves_the_rest_to_recovery(log: Log) -> None:
    """If even the end of the run cannot be written, the next recovery seals what is whole."""
    writer = write(log)
    writer.exchange(exchange())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (open_files(log.root)[0].stat().st_size, limits[1]))
    try:
        with pytest.raises(Stop, match="cannot be written"):
            writer.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(log.recover()) == 1
    assert [each.payload for each in held(log)] == [page()]
    assert list(log.verify()) == []


def test_an_open_file_is_no_part_of_the_log_and_recovery_leaves_a_living_one(log: Log) -> None:
    """While a writer lives nobody seals its file."""
    with write(log) as writer:
        writer.exchange(exchange())
        assert log.sealed() == ()
        assert Log(log.root).recover() == ()
        assert len(open_files(log.root)) == 1
    assert len(log.sealed()) == 1


def torn(log: Log, keep: float) -> Path:
    """The file of a run that was killed, cut to a part of its length."""
    writer = write(log)
    for number in range(5):
        writer.exchange(exchange(page(text=str(number))))
    os.close(writer._descriptor)
    (path,) = open_files(log.root)
    os.truncate(path, int(path.stat().st_size * keep))
    return path


@pytest.mark.parametrize("percent", range(4, 101, 4))
def test_a_torn_tail_is_cut_to_the_last_whole_record(log: Log, percent: int) -> None:
    """Wherever a file was torn, what is whole is kept, in order, and nothing else."""
    torn(log, percent / 100)
    names = log.recover()
    payloads = [each.payload for each in held(log)]
    assert payloads == [page(text=str(number)) for number in range(len(payloads))]
    assert len(payloads) <= 5 * percent // 100 + 1
    assert [file.name for file in log.sealed()] == list(names)
    assert list(log.verify()) == []
    assert open_files(log.root) == []
    assert log.recover() == ()


def test_nothing_whole_leaves_nothing(log: Log) -> None:
    """A file that died before its first record was whole is no file of the log."""
    torn(log, 0.0)
    assert log.recover() == ()
    assert (log.sealed(), open_files(log.root)) == ((), [])


def test_a_torn_manifest_line_is_written_again(full: Log) -> None:
    """A line cut in the middle is not believed; recovery enters the file anew with the same digest."""
    before = full.sealed()
    manifest = full.root / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-20])
    assert full.sealed() == ()
    assert full.recover() == (before[0].name,)
    assert full.sealed() == before


def test_a_lost_manifest_and_a_lost_index_are_made_again(full: Log) -> None:
    """Both follow from the files."""
    before, index = full.sealed(), list(full.index())
    (full.root / "manifest.jsonl").unlink()
    for path in full.root.rglob("*.cdxj"):
        path.unlink()
    full.recover()
    assert (full.sealed(), list(full.index())) == (before, index)


def test_the_arrival_order_is_the_order_of_sealing(log: Log) -> None:
    """A run that ends first arrives first, whichever began first."""
    early, late = write(log, "early"), write(log, "late", 1000)
    late.close()
    early.close()
    assert [file.name.rsplit("-", 1)[-1] for file in log.sealed()] == ["late.warc.gz", "early.warc.gz"]


def test_recall_finds_an_earlier_payload(full: Log) -> None:
    """What a 304 refers to can be read again; what the log does not have is None."""
    good = held(full)[0].capture
    assert full.recall(known(good)) == page()
    assert full.recall(replace(known(good), capture_id="elsewhere")) is None


def test_a_run_id_cannot_leave_the_folder(log: Log) -> None:
    """Names of files are made of plain letters only."""
    write(log, "../../x y").close()
    assert log.sealed()[0].name == "2026/06/000001-daily-..-..-x-y.warc.gz"


def test_an_empty_log_is_empty(tmp_path: Path) -> None:
    """Nothing is created by looking."""
    log = Log(tmp_path / "warc")
    assert (log.sealed(), log.recover(), list(log.verify()), list(log.index())) == ((), (), [], [])
    assert not log.root.exists()


def test_a_stray_byte_is_no_record(tmp_path: Path) -> None:
    """The strict reader accepts no byte that belongs to no member."""
    whole = compress(b"one") + compress(b"two")
    assert [member.content for member in members(memoryview(whole))] == [b"one", b"two"]
    for broken in (whole + b"\0", whole[:-1], b"x" + whole):
        with pytest.raises(Torn):
            list(members(memoryview(broken)))
    assert not list(tmp_path.iterdir())


def test_an_index_that_is_wrong_cuts_nothing_in_two(full: Log) -> None:
    """A file is cut where records begin, whatever its index says: the index is no part of the log."""
    name = full.sealed()[0].name
    cuts = full.cuts(name, every=1)
    assert len(cuts) > 2
    index = index_path(full.root, name)
    index.write_text(index.read_text().replace(f'"offset":"{cuts[1]}"', f'"offset":"{cuts[1] + 1}"'))
    assert full.cuts(name, every=1) == tuple(cut for cut in cuts if cut != cuts[1])


def test_another_process_reads_the_same_log(full: Log) -> None:
    """Sent elsewhere a log is the place where it lies, without the clock of who writes."""
    there = pickle.loads(pickle.dumps(full))  # noqa: S301 - our own bytes
    name = full.sealed()[0].name
    assert list(there.scan(name)) == list(full.scan(name))
