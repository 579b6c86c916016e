"""The log behind a URL: whole, in order, shared by machines, and never with half a file in its manifest."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from extractors.errors import Stop, Usage
from sources import Log, Place
from sources.cdxj import index_path
from sources.remote import FIRST, Remote, RemoteBytes
from tests.sources import faults
from tests.sources.doomed import Doomed
from tests.sources.kit import BEGIN, MINISTRY, counting, held, note

URL = "memory://raw"
PAGES = [f"{MINISTRY}/press/press_0500{number}.html" for number in range(1, 5)]
Machine = Callable[[str], Log]


@pytest.fixture
def fs() -> Iterator[Any]:
    """The place behind the URL, empty."""
    place = fsspec.filesystem("memory")
    place.store.clear()
    yield place
    place.store.clear()


@pytest.fixture
def machine(fs: Any, tmp_path: Path) -> Machine:
    """A machine by its name: a folder of its own, the place they share."""
    assert fs.store == {}
    return lambda name: Log(tmp_path / name, url=URL, clock=lambda: BEGIN)


def save(log: Log, *pages: str, run_id: str = "one", text: str = "本文") -> None:
    """One run that writes these pages."""
    ids = counting(sum(run_id.encode()) << 40)
    with log.writer(note(MINISTRY, run_id), clock=lambda: BEGIN, new_id=ids) as writer:
        for page in pages:
            writer.saved("resource", url=page, at=BEGIN, body=faults.page(page, text), media_type="text/html")


def problems(log: Log) -> list[tuple[str, str]]:
    """What is wrong, and in which file."""
    return [(finding.problem, finding.file) for finding in log.verify()]


def paths(fs: Any) -> list[str]:
    """What lies at the place."""
    return sorted(path.removeprefix("/raw/") for path in fs.store)


def test_a_sealed_file_leaves_this_machine_whole(machine: Machine, fs: Any) -> None:
    """The WARC file, its index and its piece of the manifest lie there; here only the index is kept."""
    log = machine("a")
    save(log, *PAGES)
    (file,) = log.sealed()
    assert file.name == "2026/06/000001-daily-one.warc.gz"
    assert paths(fs) == ["2026/06/000001-daily-one.cdxj", file.name, "manifest/000001.json"]
    assert list(log.root.rglob("*.warc.gz*")) == []
    assert problems(log) == []


def test_another_machine_reads_what_a_folder_would_give(machine: Machine, tmp_path: Path) -> None:
    """Scan, payload, index and recall are the same behind a URL as in a folder."""
    local = Log(tmp_path / "local", clock=lambda: BEGIN)
    for log in (local, machine("a")):
        save(log, *PAGES)
    other = machine("b")
    assert held(other) == held(local)
    assert list(other.index()) == list(local.index())
    capture = held(other)[2].capture
    assert other.payload(capture.warc_file, capture.warc_offset) == held(local)[2].payload
    assert problems(other) == []


def test_machines_number_their_files_one_after_the_other(machine: Machine) -> None:
    """Each begins to count at one here; there the order is that of arrival, and every line is kept."""
    one, two = machine("a"), machine("b")
    for number, log in enumerate([one, two, two, one]):
        save(log, PAGES[number], run_id=f"run-{number}")
    for log in (one, two):
        assert [(file.sequence, file.name[-13:]) for file in log.sealed()] == [
            (number + 1, f"run-{number}.warc.gz") for number in range(4)
        ]
        assert [each.capture.page for each in held(log)] == PAGES
        assert problems(log) == []


def test_a_number_taken_meanwhile_is_passed_over(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that did not see the other's piece in time writes its own under the next number."""
    save(machine("a"), PAGES[0], run_id="first")
    with monkeypatch.context() as patched:
        patched.setattr(Remote, "sealed", lambda _self: ())
        save(machine("b"), PAGES[1], run_id="second")
    assert [file.sequence for file in machine("c").sealed()] == [1, 2]
    assert problems(machine("c")) == []


def test_a_place_out_of_reach_keeps_the_file_here(
    machine: Machine, fs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run stops with one line; the sealed file waits, verify says so, and the next recovery sends it."""
    log = machine("a")

    def unreachable(*_: object, **__: object) -> None:
        raise TimeoutError("no route\nto host")

    with monkeypatch.context() as patched:
        patched.setattr(type(fs), "put_file", unreachable)
        with pytest.raises(Stop, match=r"memory://raw cannot be reached \(TimeoutError: no route to host\)"):
            save(log, *PAGES)
    assert problems(log) == [("waiting", "2026/06/000001-daily-one.warc.gz")]
    assert held(log) == []
    assert log.recover() == ()
    assert [each.capture.page for each in held(log)] == PAGES
    assert problems(log) == []


def test_half_a_file_is_never_entered(machine: Machine, fs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where fewer bytes arrived than were sent, no piece is written; the next send puts the whole file."""
    log = machine("a")

    def half(self: Any, local: str, path: str, **_: object) -> None:
        self.pipe_file(path, Path(local).read_bytes()[:100])

    with monkeypatch.context() as patched:
        patched.setattr(type(fs), "put_file", half)
        with pytest.raises(Stop, match="has 100 bytes there and"):
            save(log, *PAGES)
    assert paths(fs) == ["2026/06/000001-daily-one.warc.gz"]
    assert ("not-in-manifest", "2026/06/000001-daily-one.warc.gz") in problems(log)
    log.recover()
    assert problems(log) == []


@pytest.mark.parametrize("point", ["uploaded:1", "sent:1", "seal-rename:1", "append-sync:4"])
def test_a_killed_machine_is_healed_by_its_next_run(tmp_path: Path, point: str) -> None:
    """Whatever was cut, the file is there once, entered once, and gone from here."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for page in PAGES:
        link = f"<link rel='canonical' href='{page}'></head>".encode()
        (folder / Path(page).name).write_bytes(faults.page(page, "本文").replace(b"</head>", link))
    url = (tmp_path / "there").as_uri()
    said = {"job": "import", "root": str(tmp_path / "here"), "url": url, "folder": str(folder)}
    with Doomed() as doomed:
        assert doomed.do(point, **said) == -9
        assert doomed.do(**said) == 0
    log = Log(tmp_path / "elsewhere", url=url)
    assert sorted(each.capture.page for each in held(log)) == PAGES
    assert problems(log) == []
    assert list((tmp_path / "here").rglob("*.warc.gz*")) == []


def test_verify_finds_what_is_wrong_there(machine: Machine, fs: Any) -> None:
    """A flipped byte, a lost file, a capture that is not there: each is named by its file."""
    log = machine("a")
    for number in range(3):
        save(log, PAGES[number], run_id=f"run-{number}")
    names = [file.name for file in log.sealed()]
    bytes_ = bytearray(fs.cat_file(f"/raw/{names[0]}"))
    bytes_[40] ^= 1
    fs.pipe_file(f"/raw/{names[0]}", bytes(bytes_))
    fs.rm(f"/raw/{names[1]}")
    found = {(finding.problem, finding.file) for finding in log.verify([Place("x", names[2], 7, 9)])}
    assert {("sha256", names[0]), ("torn", names[0]), ("missing", names[1]), ("place", names[2])} <= found


def test_a_missing_file_is_one_line(machine: Machine, fs: Any) -> None:
    """A scan of a file that is lost there says which one."""
    log = machine("a")
    save(log, *PAGES)
    (file,) = log.sealed()
    fs.rm(f"/raw/{file.name}")
    with pytest.raises(Stop, match=f"{file.name} is missing from the log"):
        list(log.scan(file.name))


def test_a_lost_index_is_made_again(machine: Machine, fs: Any) -> None:
    """A machine that never saw the file makes its index from the file itself."""
    save(machine("a"), *PAGES)
    expected = list(machine("a").index())
    fs.rm("/raw/2026/06/000001-daily-one.cdxj")
    assert list(machine("b").index()) == expected


def test_the_manifest_and_an_index_are_asked_for_once(
    machine: Machine, fs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They never change there, so a machine keeps them: a second look costs one listing."""
    save(machine("a"), *PAGES)
    log = machine("b")
    list(log.index())
    monkeypatch.setattr(type(fs), "cat_file", None)
    assert len(list(log.index())) == 4
    assert index_path(log.root, log.sealed()[0].name).exists()


def test_one_record_costs_a_few_bytes_and_a_scan_few_requests(
    machine: Machine, fs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payload is asked by its range, and who reads on asks for longer and longer pieces."""
    log = machine("a")
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(400_000))
    save(log, *PAGES, text=noise)
    capture = held(log)[1].capture
    (file,) = log.sealed()
    asked: list[int] = []
    cat_file = type(fs).cat_file

    def counted(self: Any, path: str, start: int, end: int) -> bytes:
        asked.append(end - start)
        return bytes(cat_file(self, path, start=start, end=end))

    monkeypatch.setattr(type(fs), "cat_file", counted)
    with log.store.opened(file.name) as data:
        assert isinstance(data, RemoteBytes)
        assert data[capture.warc_offset : capture.warc_offset + 2] == b"\x1f\x8b"
    assert asked == [FIRST]
    asked.clear()
    assert len(list(log.scan(file.name))) == 6
    assert sum(asked) < 1.2 * file.bytes
    assert len(asked) < 10


def test_two_archives_are_not_mixed(machine: Machine, tmp_path: Path) -> None:
    """Another file under a name that is taken stays where it is, and says so."""
    save(machine("a"), PAGES[0])
    with pytest.raises(Stop, match=r"holds another file 2026/06/000001-daily-one\.warc\.gz"):
        save(machine("b"), PAGES[1])
    assert [each.capture.page for each in held(machine("a"))] == PAGES[:1]
    assert list((tmp_path / "b").rglob("*.warc.gz"))


def test_an_archive_of_a_folder_moves_by_its_next_run(machine: Machine, tmp_path: Path) -> None:
    """With a URL set, what was sealed in the folder goes there in order, under the same names and numbers."""
    local = Log(tmp_path / "a", clock=lambda: BEGIN)
    for number in range(3):
        save(local, PAGES[number], run_id=f"run-{number}")
    before, captures = local.sealed(), held(local)
    log = machine("a")
    log.recover()
    assert log.sealed() == before
    assert held(log) == captures
    assert [file.sequence for file in before] == [1, 2, 3]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("s3://user:topsecret@bucket/raw", "credentials come by the environment"),
        ("nosuch://bucket/raw", "MOEJ_RAW=nosuch://bucket/raw cannot be used here"),
    ],
)
def test_a_url_that_will_not_do_is_wrong_usage(tmp_path: Path, url: str, says: str) -> None:
    """The mend is said, a password never."""
    with pytest.raises(Usage, match=says) as refused:
        Log(tmp_path, url=url).sealed()
    assert "topsecret" not in str(refused.value)


def test_a_piece_says_what_a_line_of_the_manifest_says(machine: Machine, fs: Any) -> None:
    """Whoever has only the place can check the file with common tools."""
    log = machine("a")
    save(log, *PAGES)
    (file,) = log.sealed()
    piece = json.loads(fs.cat_file("/raw/manifest/000001.json"))
    assert piece == {
        "sequence": 1,
        "file": file.name,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "sealed_at": "2026-06-02T22:00:00.000000Z",
    }


@pytest.mark.parametrize(
    "piece",
    [
        b"{",
        b"[]",
        b'{"file": "2026/06/000001-daily-one.warc.gz"}',
        b'{"file": "../../000001-x.warc.gz", "sequence": 1, "sha256": "", "bytes": 1}',
        b'{"file": "/etc/000001-x.warc.gz", "sequence": 1, "sha256": "", "bytes": 1}',
    ],
)
def test_a_piece_that_cannot_be_true_stops_everything(machine: Machine, fs: Any, piece: bytes) -> None:
    """Half a piece, or a name that leads out of the folder, is never read past."""
    log = machine("a")
    save(log, *PAGES)
    fs.pipe_file("/raw/manifest/000002.json", piece)
    with pytest.raises(Stop, match=r"manifest/000002\.json cannot be read"):
        log.sealed()
    fs.rm("/raw/manifest/000002.json")
    assert len(log.sealed()) == 1
