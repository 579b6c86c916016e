"""How a load takes the log: in portions that memory holds, one ahead of being written."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.warehouse.world import MemoryLog, Run, load_all, page, text
from warehouse import open_archive, portions
from warehouse.readings import Reading, Work


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of two captures."""
    monkeypatch.setattr(portions, "PAGES", 2)


def nobody(works: Iterable[Work]) -> list[Reading]:
    """Readers that read nothing."""
    _ = works
    return []


def cut(log: MemoryLog) -> Iterator[tuple[list[str], list[str], int]]:
    """Of each portion the pages, the files that end in it, and how far it brings the load."""
    for portion in portions.portions(log.sealed(), log, nobody):
        pages = [held.capture.page for held, _ in portion.held]
        yield pages, [file.name for file in portion.files], portion.reached


def test_small_files_share_a_portion() -> None:
    """Years of daily runs are a file each: to write each on its own would cost more than reading it."""
    log = MemoryLog()
    for number in range(1, 4):
        run = Run(log)
        run.get(page(number), text())
        run.seal()
    names = [file.name for file in log.files]
    assert list(cut(log)) == [([page(1), page(2), page(3)], names, 3000)]


@pytest.mark.usefixtures("small")
def test_a_large_file_is_several_portions() -> None:
    """Memory holds a portion, not a file; the file counts as loaded with its last one."""
    log, numbers = MemoryLog(), range(1, 6)
    run = Run(log)
    for number in numbers:
        run.get(page(number), text())
    file = run.seal()
    assert list(cut(log)) == [
        ([page(1), page(2)], [], 2),
        ([page(3), page(4)], [], 4),
        ([page(5)], [file.name], 1000),
    ]


@pytest.mark.usefixtures("small")
def test_readers_are_a_portion_ahead() -> None:
    """When a portion is given out to be written, the next one is with the readers already."""
    log = MemoryLog()
    run = Run(log)
    for number in range(1, 6):
        run.get(page(number), text())
    run.seal()
    sent: list[str] = []

    def noted(works: Iterable[Work]) -> list[Reading]:
        sent.extend(work.page for work in works)
        return []

    given = portions.portions(log.sealed(), log, noted)
    next(given)
    assert sent == [page(1), page(2), page(3), page(4)]


@pytest.mark.usefixtures("small")
def test_a_portion_does_not_end_behind_a_redirect(tmp_path: Path) -> None:
    """Where a redirect ends is told from its portion: cut in two, its page would count as never fetched."""
    log = MemoryLog()
    run = Run(log)
    run.get(page(1), text())
    run.get(page(2), b"", verdict="redirect", status=301, location=page(3))
    run.get(page(3), b"", verdict="redirect", status=301, location=page(4))
    run.get(page(4), text("第4回"))
    run.seal()
    load_all(tmp_path, log)
    with open_archive(tmp_path / "archive.duckdb") as archive:
        led = archive.rows("SELECT page, target, led_by FROM captures WHERE target IS NOT NULL ORDER BY page")
    assert [(row["page"], row["target"]) for row in led] == [(page(2), page(4)), (page(3), page(4))]


@pytest.mark.usefixtures("small")
def test_a_capture_twice_in_the_log_counts_once(tmp_path: Path) -> None:
    """Also when the second copy was read before the first was written."""
    log = MemoryLog()
    run = Run(log)
    for number in (1, 2):
        run.get(page(number), text(f"第{number}回"))
    run.entries.extend(run.entries)
    run.seal()
    load_all(tmp_path, log)
    with open_archive(tmp_path / "archive.duckdb") as archive:
        found = archive.rows("SELECT capture_id, outcome FROM captures ORDER BY capture_id")
    assert [row["outcome"] for row in found] == ["loaded", "loaded"]
