"""A file that was replaced is told once, with the edit of its page if one run found both."""

from collections.abc import Iterator
from datetime import timedelta

import duckdb
import pytest

from alerts import enqueue
from alerts.messages.notices import Notice
from alerts.messages.notices import notice as notice_of
from alerts.outbox import Alert, rows
from tests.alerts.newsroom import rules_for
from tests.warehouse.conftest import Memory, new_archive
from tests.warehouse.world import START, Run, file, page, text

DAY = timedelta(days=1)
RULES = rules_for(
    {"name": "edits", "where": "true", "on": ["changed", "attachment"], "history": True},
    {"name": "no-files", "where": "true", "on": ["changed"], "ignore": ["attachments"]},
)
FILES = [file(1), file(2)]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty archive for all tests of this module."""
    db = new_archive()
    yield db
    db.close()


@pytest.fixture
def memory(database: duckdb.DuckDBPyConnection) -> Memory:
    """An archive after a first run that found a release with two files."""
    made = Memory(database)
    made.clear()
    load(made, 0, text(files=FILES), b"first", b"first")
    return made


def load(
    memory: Memory, day: float, payload: bytes | None, *bodies: bytes | None, kind: str = "run"
) -> list[Alert]:
    """A run that has the page, then its files; the alerts it raised, held or not."""
    one = Run(memory.log, at=START + day * DAY, kind=kind)
    if payload is not None:
        one.get(page(), payload)
    for url, body in zip(FILES, bodies, strict=False):
        if body is not None:
            one.get(url, body)
    one.seal()
    before = {alert.alert_id for alert in rows(memory.db)}
    enqueue(memory.db, RULES, memory.load().changes, at=START + day * DAY)
    return [alert for alert in rows(memory.db) if alert.alert_id not in before]


def shown(memory: Memory, alert: Alert) -> Notice:
    """What a message tells of it."""
    return notice_of(memory.db, [(alert, "title", page())])


def said(alerts: list[Alert]) -> set[tuple[str, str, str | None]]:
    """Rule, change and why it is held."""
    return {(one.rule, one.change, one.held) for one in alerts}


def test_a_replaced_file_is_told_where_it_is_asked_for(memory: Memory) -> None:
    """Once for the rule that is on it; held where the rule ignores attachments."""
    assert said(load(memory, 1, None, b"second")) == {
        ("edits", "attachment", None),
        ("no-files", "changed", "only attachments changed"),
    }
    assert load(memory, 2, None, b"second") == []


def test_one_run_tells_of_page_and_files_together(memory: Memory) -> None:
    """The edit and two replaced files are one message, whose differences name all three."""
    raised = load(memory, 1, text(body="別の本文。", files=FILES), b"second", b"second")
    edits = [one for one in raised if one.rule == "edits"]
    assert sorted(str(one.held) for one in edits) == ["None", "with version 2", "with version 2"]
    [told] = [one for one in edits if one.held is None]
    notice = shown(memory, told)
    assert [one.column for one in notice.differences] == ["body", "files", "files"]


def test_files_of_another_day_are_told_by_themselves(memory: Memory) -> None:
    """What the next run finds replaced is a message of its own, which names the file."""
    load(memory, 1, text(body="別の本文。", files=FILES))
    [told] = [one for one in load(memory, 2, None, b"second") if one.held is None]
    notice = shown(memory, told)
    assert (told.change, notice.version) == ("attachment", 3)
    assert [one.column for one in notice.differences] == ["files"]


def test_an_older_capture_of_the_same_file_tells_nothing_again(memory: Memory) -> None:
    """The version begins earlier then, with another capture, and was told already."""
    [told] = [one for one in load(memory, 4, None, b"second") if one.rule == "edits"]
    late = load(memory, 2, None, b"second", kind="import")
    assert [one for one in late if one.rule == "edits"] == []
    notice = shown(memory, told)
    assert (notice.version, notice.held) == (2, True)


def test_a_shared_file_is_told_for_each_release(memory: Memory) -> None:
    """One capture, two releases, two alerts."""
    one = Run(memory.log, at=START + DAY)
    one.get(page(2), text("第2回", files=FILES))
    one.seal()
    enqueue(memory.db, RULES, memory.load().changes, at=START)
    raised = [one for one in load(memory, 2, None, b"second") if one.rule == "edits"]
    assert {one.release_id for one in raised} == {"20260105-press_00001", "20260105-press_00002"}
    assert len({one.alert_id for one in raised}) == 2
