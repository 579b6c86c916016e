import signal
from datetime import timedelta
from pathlib import Path

import pytest

from tests.warehouse import doomed
from tests.warehouse.backends import place
from tests.warehouse.world import START, MemoryLog, Run, load_all, page, text
from warehouse import digest, open_archive

pytestmark = pytest.mark.usefixtures("backend")

DAY = timedelta(days=1)
# Every step of a load and of the replacement of the file; the number says at which passing.
POINTS = [
    *("copied", "opened", "ingested", "resolved", "settled", "planned", "placed", "followed", "committed"),
    *("checkpointed", "checked", "synced"),
]
LOADS = [*POINTS, "copied", "ingested", "renamed"]
REBUILDS = [*POINTS, "compared", "placed", "renamed"]


def grow(log: MemoryLog) -> None:
    """Two runs more: an edit of page 1, a new page, an old page late."""
    number = len(log.files)
    one = Run(log, at=START + number * DAY)
    one.get(page(1), text(body=f"本文 {number}"))
    one.get(page(100 + number), text(f"第{number}回", body=f"新しい本文 {number}"))
    one.seal()
    late = Run(log, at=START + number * DAY / 2, kind="import")
    late.get(page(2), text(body=f"遅れて来た本文 {number}"))
    late.seal()


def state(folder: Path) -> tuple[int, str]:
    """How many files are loaded, and what the archive says."""
    with open_archive(place(folder)) as archive:
        return len(archive.loaded_files()), digest(archive.db)


@pytest.mark.file_only("the points at which a file is replaced; a lake has a test of its own")
@pytest.mark.timeout(300)
def test_killed_at_any_point_the_archive_is_the_old_or_the_new(tmp_path: Path) -> None:
    """Killed at 30 points of loads and rebuilds: the file always opens, the next load finds everything."""
    log = MemoryLog()
    grow(log)
    load_all(tmp_path, log)
    killed = 0
    with open_archive(place(tmp_path)) as reader:
        seen = digest(reader.db)
        for anew in (False, True):
            before = state(tmp_path)
            grow(log)
            doomed.keep(tmp_path, log)
            for point in REBUILDS if anew else LOADS:
                code = doomed.run(tmp_path, failpoint=f"warehouse.{point}", anew=anew)
                assert code == -signal.SIGKILL, point
                killed += 1
                after = state(tmp_path)
                assert after[0] in {before[0], len(log.files)}, point
                assert after == before or point == "renamed", point
                assert not list(tmp_path.glob("*.wal")), point
            load_all(tmp_path, log)
            assert state(tmp_path)[0] == len(log.files)
        assert digest(reader.db) == seen
    assert killed >= 30
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    load_all(fresh, log)
    assert state(fresh) == state(tmp_path)
    assert sorted(path.name for path in tmp_path.glob("archive*")) == ["archive.duckdb"]


def test_two_loaders_at_once_both_succeed(tmp_path: Path) -> None:
    """One waits for the other and then finds nothing to do; the archive is that of one load."""
    log = MemoryLog()
    for _ in range(3):
        grow(log)
    doomed.keep(tmp_path, log)
    children = [doomed.start(tmp_path) for _ in range(2)]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0, 0]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    load_all(fresh, log)
    assert state(tmp_path) == state(fresh)


@pytest.mark.file_only("what PostgreSQL does without room is its own affair")
def test_a_disk_that_takes_no_more_leaves_the_old_archive(tmp_path: Path) -> None:
    """The load fails, the old file is byte for byte what it was, and nothing lies about."""
    log = MemoryLog()
    grow(log)
    load_all(tmp_path, log)
    path = tmp_path / "archive.duckdb"
    before = path.read_bytes()
    one = Run(log, at=START + 9 * DAY)
    one.get(page(5), text(body="".join(chr(0x4E00 + n * n % 20000) for n in range(400_000))))
    one.seal()
    doomed.keep(tmp_path, log)
    assert doomed.run(tmp_path, limit=len(before)) == 1
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.glob("archive*")) == ["archive.duckdb"]
