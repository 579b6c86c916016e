"""Which versions raise an alert, and which are held with a reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from alerts import enqueue
from alerts.outbox import Alert, rows
from tests.alerts.newsroom import START, Newsroom, Page, page, rules_for
from warehouse.loaded import Change
from warehouse.migrate import migrate


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty archive in memory for all tests of this module."""
    with duckdb.connect() as db:
        migrate(db)
        yield db


@pytest.fixture
def empty(tmp_path: Path, database: duckdb.DuckDBPyConnection) -> Iterator[Newsroom]:
    """A newsroom that loads into memory; what a test loads is taken back after it."""
    database.execute("BEGIN")
    yield Newsroom(tmp_path, db=database)
    database.execute("ROLLBACK")


@pytest.fixture
def room(empty: Newsroom) -> Newsroom:
    """The same after its first run, which found one release."""
    empty.daily(page(1))
    return empty


def outbox(room: Newsroom) -> list[Alert]:
    """The rows of the outbox."""
    return rows(database_of(room))


def database_of(room: Newsroom) -> duckdb.DuckDBPyConnection:
    """The database in memory."""
    assert room.db is not None
    return room.db


def told(room: Newsroom, *pages: Page, kind: str = "run") -> list[tuple[str, str | None]]:
    """What a run's pages raise: change and why it is held."""
    before = {one.alert_id for one in outbox(room)}
    room.daily(*pages, kind=kind)
    return [(one.change, one.held) for one in outbox(room) if one.alert_id not in before]


PHONE = {"organisation": "地球環境局", "phones": [], "people": [], "emails": []}


def test_the_default_rule_tells_of_subjects_only(room: Newsroom) -> None:
    """A new release whose subject is the JCM raises an alert; a mention and anything else raise none."""
    news = [page(2), page(3, jcm_role="mention", jcm_kind=None), page(4, jcm_role="none", jcm_kind=None)]
    assert told(room, *news) == [("created", None)]


def test_a_correction_is_told_and_a_plain_edit_is_not(room: Newsroom) -> None:
    """The default rule is on created and corrected."""
    assert told(room, page(1).edited(body="別の本文です。")) == []
    assert told(room, page(1).edited(corrections=[{"corrected_on": None, "note": "※訂正"}])) == [
        ("corrected", None)
    ]


@pytest.mark.parametrize("change", ["withdrawn", "restored"])
def test_what_becomes_of_a_page_is_told_to_who_asks(empty: Newsroom, change: str) -> None:
    """`withdrawn` and `restored` are told by rules that are on them."""
    empty.rules = rules_for({"name": "all", "where": "true", "on": ["withdrawn", "restored"]})
    empty.daily(page(1))
    if change == "restored":
        empty.daily(page(1).edited("withdrawn"))
    assert told(empty, page(1).edited(change)) == [(change, None)]


def test_an_edit_that_makes_a_release_match_is_told_as_if_it_were_new(room: Newsroom) -> None:
    """A release that was none of the rule's until the Ministry edited it is news for the rule."""
    told(room, page(2, jcm_role="none", jcm_kind=None))
    assert told(room, page(2).edited(body="JCMについて追記しました。")) == [("changed", None)]


@pytest.mark.parametrize("kind", ["backfill", "import"])
def test_history_is_told_only_to_who_asks(room: Newsroom, kind: str) -> None:
    """Backfill and import raise alerts that are held, and send for a rule with `history`."""
    assert told(room, page(2), kind=kind) == [("created", kind)]
    room.rules = rules_for({"name": "all", "where": "true", "history": True})
    assert told(room, page(3), kind=kind) == [("created", None)]


def test_a_first_run_tells_nothing_and_says_how_much(empty: Newsroom) -> None:
    """What the first run on an empty archive finds is held and counted; the second run's news is sent."""
    first = empty.daily(page(1), page(2), page(3, jcm_role="none", jcm_kind=None))
    assert (first.not_sent_at_first, first.raised) == (2, ())
    assert told(empty, page(4)) == [("created", None)]


def test_a_first_run_that_was_killed_stays_the_first(empty: Newsroom) -> None:
    """The rest of a first run that had to be done again is as old as its beginning."""
    empty.daily(page(1), status=None)
    assert empty.daily(page(2)).not_sent_at_first == 1
    assert told(empty, page(3)) == [("created", None)]


def test_after_a_backfill_the_first_daily_run_brings_news(empty: Newsroom) -> None:
    """An archive that was filled from the past is not empty."""
    empty.daily(page(1), kind="backfill")
    assert told(empty, page(2)) == [("created", None)]


def test_two_runs_loaded_at_once_are_both_news(room: Newsroom) -> None:
    """A release that is made and corrected before it could be loaded is told as both."""
    room.run(page(2))
    assert told(room, page(2).edited(title="別の件名")) == [("created", None), ("corrected", None)]


def test_a_version_that_no_longer_matches_came_with_it(room: Newsroom) -> None:
    """What a rule has nothing to say of is part of the load all the same: the news before it is not late."""
    room.run(page(2))
    assert told(room, page(2).edited(jcm_role="none", jcm_kind=None)) == [("created", None)]


def test_a_capture_that_came_late_is_held(room: Newsroom) -> None:
    """A version that is put behind one that was known before this load is history."""
    room.rules = rules_for({"name": "all", "where": "true", "on": ["changed"]})
    room.daily(page(2), page(2).edited(title="二"), page(2).edited(title="三"))
    run = room.runs[-1].run_id
    late = Change(page(2).release_id, 2, "changed", f"{run}-capture-1", run, "run", is_newest=False)
    database_of(room).execute("DELETE FROM alerts")
    assert enqueue(database_of(room), room.rules, [late], at=START).held == {"late": 1}


def test_a_copy_is_held_with_the_id_of_what_it_repeats(room: Newsroom) -> None:
    """The same text under another number is no news, whichever way round the pair is noted."""
    for pair in (
        ("20260601-press_00001", "20260601-press_00002"),
        ("20260601-press_00003", "20260601-press_00001"),
    ):
        room.duplicates.append((*pair, "copy"))
    assert told(room, page(2), page(3)) == [("created", "copy of 20260601-press_00001")] * 2


def test_contacts_alone_are_held_by_rule(empty: Newsroom) -> None:
    """A new contact is held for a rule on changes, unless the rule ignores nothing."""
    table = {"where": "true", "on": ["changed"]}
    empty.rules = rules_for({"name": "some", **table}, {"name": "every", **table, "ignore": []})
    empty.daily(page(1))
    empty.daily(page(1).edited(contacts=[PHONE]))
    assert {one.rule: one.held for one in outbox(empty)} == {"some": "only contacts changed", "every": None}


def test_a_translation_joins_the_thread_of_what_was_told(room: Newsroom) -> None:
    """The other language of an alerted release names that alert as its thread.

    Japanese leads if both are new.
    """
    room.duplicates.append(("20260601-press_00002", "20260601-en-press_00009", "translation"))
    english = Page("20260601-en-press_00009", lang="en", title="JCM Joint Committee")
    room.daily(english, page(2))
    by_release = {one.release_id: one for one in outbox(room)}
    original, other = by_release["20260601-press_00002"], by_release["20260601-en-press_00009"]
    assert (original.thread_id, other.thread_id) == (None, original.alert_id)


def test_every_rule_has_a_row_of_its_own(room: Newsroom) -> None:
    """Two rules that match one release raise two alerts, each with an id of its own."""
    room.rules = rules_for({"name": "a", "where": "true"}, {"name": "b", "where": "jcm_role = 'subject'"})
    raised = room.daily(page(2)).raised
    assert {one.rule for one in raised} == {"a", "b"}
    assert len({one.alert_id for one in raised}) == 2


def test_loading_again_raises_nothing_more(room: Newsroom) -> None:
    """The same changes once more give no second row."""
    room.daily(page(2))
    before = outbox(room)
    assert room.load().raised == ()
    assert outbox(room) == before


def test_a_condition_that_cannot_be_computed_does_not_stop_the_load(room: Newsroom) -> None:
    """A rule that fails on a release says so, and the others still work."""
    broken = {"name": "broken", "where": "CAST(title AS INTEGER) > 3"}
    room.rules = rules_for(broken, {"name": "fine", "where": "true"})
    found = room.daily(page(2))
    assert found.broken == {"broken": 1}
    assert [one.rule for one in found.raised] == ["fine"]


def test_the_time_of_an_alert_is_the_load_s(room: Newsroom) -> None:
    """`raised_at` is when the load decided, which the digest goes by."""
    room.run(page(2))
    (alert,) = room.load(at=START + timedelta(days=3)).raised
    assert alert.raised_at == START + timedelta(days=3)
