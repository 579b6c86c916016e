"""A file replaced under the same link is a version of every release that links to it."""

from datetime import timedelta

import pytest

from tests.warehouse.conftest import Memory, new_archive
from tests.warehouse.world import START, Run, file, page, text
from warehouse.differences import differences, replaced_files
from warehouse.digest import parts
from warehouse.migrate import migrate, migrations

DAY = timedelta(days=1)
VERSIONS = """
SELECT release_id, version, change, body FROM release_versions ORDER BY release_id, version
"""
LINKING = text(files=[file()])
ONE = "20260105-press_00001"
TWO = "20260105-press_00002"


def day(memory: Memory, number: float, kind: str = "run") -> Run:
    """A run some days after the first."""
    return Run(memory.log, at=START + number * DAY, kind=kind)


def begun(memory: Memory, *pages: bytes) -> None:
    """A first run that has these pages, then the file they link to."""
    one = day(memory, 0)
    for number, payload in enumerate(pages or (LINKING,), start=1):
        one.get(page(number), payload)
    one.get(file(), b"first")
    one.seal()
    memory.load()


def sent(memory: Memory, number: float, body: bytes, *, verdict: str = "good", kind: str = "run") -> None:
    """A run that has other bytes of the file."""
    one = day(memory, number, kind)
    one.get(file(), body, verdict=verdict)
    one.seal()
    memory.load()


def told(memory: Memory) -> list[tuple[str, int, str]]:
    """Release, version and change of every version."""
    return [(row[0], row[1], row[2]) for row in memory.ask(VERSIONS)]


def assert_same_from_nothing(memory: Memory) -> None:
    """What was loaded part by part comes out of the whole log at once."""
    grown = parts(memory.db)
    memory.forget()
    memory.load()
    assert parts(memory.db) == grown


def test_other_bytes_under_the_same_link_are_a_version(memory: Memory) -> None:
    """The text stays, the kind is shown, and the version begins with the capture of the file."""
    begun(memory)
    sent(memory, 1, b"second")
    assert memory.ask(VERSIONS) == [
        (ONE, 1, "created", "本文である。"),
        (ONE, 2, "attachment", "本文である。"),
    ]
    query = "SELECT version, versions, changed_at, capture_id FROM releases"
    assert memory.ask(query) == [(2, 2, START + DAY, "c-0002-0000")]


def test_the_first_capture_of_a_file_is_no_change(memory: Memory) -> None:
    """Nobody knows what stood there before."""
    one = day(memory, 0)
    one.get(page(), LINKING)
    one.seal()
    memory.load()
    sent(memory, 1, b"first")
    assert told(memory) == [(ONE, 1, "created")]


@pytest.mark.parametrize("verdict", ["blocked", "truncated", "maintenance", "error", "gone"])
def test_what_is_not_the_file_is_no_change(memory: Memory, verdict: str) -> None:
    """A file that is blocked, cut or gone for a day says nothing, nor do the same bytes after it."""
    begun(memory)
    sent(memory, 1, b"half", verdict=verdict)
    sent(memory, 2, b"first")
    assert told(memory) == [(ONE, 1, "created")]


def test_the_same_bytes_again_are_no_change(memory: Memory) -> None:
    """Neither a 304 nor the bytes sent again."""
    begun(memory)
    one = day(memory, 1)
    one.same(file(), b"first")
    one.seal()
    sent(memory, 2, b"first")
    assert told(memory) == [(ONE, 1, "created")]


def test_a_shared_file_changes_each_release_that_links_to_it_then(memory: Memory) -> None:
    """Both of two releases that link to it, and not the one whose page has dropped the link."""
    begun(memory, LINKING, text("第2回", files=[file()]), text("第3回", files=[file()]))
    one = day(memory, 1)
    one.get(page(3), text("第3回"))
    one.seal()
    sent(memory, 2, b"second")
    assert [one[1:] for one in told(memory)] == [
        (1, "created"),
        (2, "attachment"),
        (1, "created"),
        (2, "attachment"),
        (1, "created"),
        (2, "changed"),
    ]


def test_the_load_tells_of_each_release(memory: Memory) -> None:
    """One capture begins versions of two releases, and both are among the changes of the load."""
    begun(memory, LINKING, text("第2回", files=[file()]))
    one = day(memory, 1)
    one.get(file(), b"second")
    one.seal()
    changes = memory.load().changes
    assert [(one.release_id, one.version, one.change) for one in changes] == [
        (ONE, 2, "attachment"),
        (TWO, 2, "attachment"),
    ]


def test_a_link_is_the_same_however_it_is_spelled(memory: Memory) -> None:
    """Pages link to http, to the bare host, to a page of the file."""
    begun(memory, text(files=["http://env.go.jp/content/000000001.pdf#page=2"]))
    sent(memory, 1, b"second")
    assert told(memory) == [(ONE, 1, "created"), (ONE, 2, "attachment")]


def test_a_withdrawn_release_does_not_change(memory: Memory) -> None:
    """A page that is gone links to nothing."""
    begun(memory)
    for number in (1, 3):
        one = day(memory, number)
        one.gone(page())
        one.seal()
    sent(memory, 4, b"second")
    assert told(memory) == [(ONE, 1, "created"), (ONE, 2, "withdrawn")]


def test_captures_that_arrive_late_are_set_in_time(memory: Memory) -> None:
    """An older file, then an older edit of the page between the two: as had they come in order."""
    begun(memory)
    sent(memory, 4, b"third")
    sent(memory, 2, b"second", kind="import")
    one = day(memory, 3, kind="import")
    one.get(page(), text(body="間の版。", files=[file()]))
    one.seal()
    memory.load()
    assert [row[2:] for row in memory.ask(VERSIONS)] == [
        ("created", "本文である。"),
        ("attachment", "本文である。"),
        ("changed", "間の版。"),
        ("attachment", "間の版。"),
    ]
    assert_same_from_nothing(memory)


def test_the_kept_text_follows_a_late_reading_of_the_same_content(memory: Memory) -> None:
    """Where another typesetting of the page turns out to be the first, a file's version shows it too."""
    begun(memory)
    sent(memory, 1, b"second")
    one = day(memory, -1, kind="import")
    one.get(page(), text(body="本文で\nある。", files=[file()]))
    one.seal()
    memory.load()
    assert [row[3] for row in memory.ask(VERSIONS)] == ["本文で\nある。"] * 2
    assert_same_from_nothing(memory)


def test_another_extractor_makes_no_version_of_a_file(memory: Memory) -> None:
    """Everything is read again and says the same; nothing is noted as read differently."""
    begun(memory)
    sent(memory, 1, b"second")
    before = memory.ask("SELECT * EXCLUDE (extractor_version) FROM release_versions ORDER BY ALL")
    memory.forget()
    memory.load(version="2", better=True)
    assert memory.ask("SELECT * EXCLUDE (extractor_version) FROM release_versions ORDER BY ALL") == before


def test_the_view_says_what_came_for_what(memory: Memory) -> None:
    """Sizes before and after, and as a change of a field in SQL."""
    begun(memory)
    sent(memory, 1, b"longer than first")
    view = "SELECT release_id, version, url, changed_at, bytes_before, bytes_after FROM attachment_changes"
    assert memory.ask(view) == [(ONE, 2, file(), START + DAY, 5, 17)]
    changes = "SELECT version, change, field, before LIKE '%5 bytes%', \"after\" LIKE '%17 bytes%' FROM {}"
    assert memory.ask(changes.format("release_changes")) == [(2, "attachment", "files", True, True)]


def test_the_run_that_found_it_counts_it(memory: Memory) -> None:
    """The ledger counts pages, so files have a count of their own."""
    begun(memory)
    sent(memory, 1, b"second")
    assert memory.ask("SELECT changed, files_replaced FROM runs ORDER BY run_id") == [(0, 0), (0, 1)]


def test_a_diff_names_the_file_with_both_sizes_and_its_text(memory: Memory) -> None:
    """Over several versions the first file stands beside the last; back, the other way round."""
    begun(memory)
    sent(memory, 1, b"second")
    sent(memory, 2, b"the third")
    for row, said in enumerate(["令和7年の予定", "", "令和8年の予定"]):
        digest = "(SELECT digest FROM captures WHERE family = 'file' ORDER BY fetched_at LIMIT 1 OFFSET ?)"
        memory.db.execute(f"INSERT INTO documents SELECT {digest}, 1, NULL, ?", [row, said])
    old, new = ({"version": number} for number in (1, 3))
    [change] = differences(old, new, replaced_files(memory.db, ONE, 1, 3))
    assert change.field == "files"
    assert (change.before or "").startswith(f"別紙 <{file()}> 5 bytes, sha256:")
    assert (change.after or "").startswith(f"別紙 <{file()}> 9 bytes, sha256:")
    assert change.segments[2:] == (
        ("equal", "令和"),
        ("deleted", "7"),
        ("inserted", "8"),
        ("equal", "年の予定"),
    )
    [back] = replaced_files(memory.db, ONE, 3, 1)
    assert (back.before, back.after) == (change.after, change.before)


@pytest.mark.file_only("no lake is of an earlier step")
def test_an_archive_of_an_earlier_step_is_made_again_by_its_next_load(memory: Memory) -> None:
    """It lacks the versions of its files; without files it lacks nothing and is left as it is."""
    begun(memory)
    for files in (True, False):
        db = new_archive()
        db.execute("INSERT INTO meta VALUES ('extractor_version', '1')")
        if files:
            db.execute("INSERT INTO captures BY NAME SELECT 'file' AS family")
        db.execute("DELETE FROM migrations WHERE number >= 14")
        migrate(db, [step for step in migrations() if step.number <= 14])
        made_by = db.execute("SELECT value FROM meta").fetchall()
        db.close()
        assert (made_by != [("1",)]) == files
