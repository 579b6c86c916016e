"""The drift alarm: when the pages of a run no longer fill what the last thirty days' pages filled."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from tests.warehouse.backends import Backend
from tests.warehouse.rows import empty_archive
from warehouse.drift import ENOUGH, drifts

TODAY = datetime(2026, 6, 10, tzinfo=UTC)
WHOLE = ["body", "contacts", "lead"]
_NOTE = "INSERT INTO run_notes (run_id, kind, started_at, finished_at) VALUES (?, ?, ?, ?)"
_CAPTURE = "INSERT INTO captures (capture_id, run_id, template, filled, verdict) VALUES (?, ?, ?, ?, ?)"


@pytest.fixture
def db(backend: Backend) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty archive."""
    with empty_archive(backend) as db:
        yield db


def run(  # noqa: PLR0913 - what a run is made of
    db: duckdb.DuckDBPyConnection,
    run_id: str,
    days_ago: int,
    pages: Sequence[list[str] | None],
    *,
    template: str = "current",
    kind: str = "run",
) -> None:
    """A run with pages that filled these fields; None is a page that could not be read."""
    at = TODAY - timedelta(days=days_ago)
    db.execute(_NOTE, [run_id, kind, at, at])
    for number, filled in enumerate(pages):
        verdict = "good" if filled is not None else "unreadable"
        form = template if filled is not None else None
        db.execute(_CAPTURE, [f"{run_id}-{number}", run_id, form, filled, verdict])


def test_a_run_like_those_before_has_not_drifted(db: duckdb.DuckDBPyConnection) -> None:
    """The same shares as last week: nothing to report."""
    run(db, "before", 7, [WHOLE] * 10)
    run(db, "now", 0, [WHOLE] * 6)
    assert drifts(db, ["now"]) == ()


def test_a_field_that_vanishes_is_named_with_its_shares(db: duckdb.DuckDBPyConnection) -> None:
    """Contacts on every page before and on none now: the fall is named, per form and over all forms."""
    run(db, "before", 7, [WHOLE] * 10)
    run(db, "now", 0, [["body", "lead"]] * 6)
    found = drifts(db, ["now"])
    assert {(one.template, one.field, one.share, one.share_before) for one in found} == {
        ("all forms", "contacts", 0.0, 1.0),
        ("current", "contacts", 0.0, 1.0),
    }


def test_a_redesign_nobody_can_read_is_drift(db: duckdb.DuckDBPyConnection) -> None:
    """Pages that could not be read at all count as filling nothing."""
    run(db, "before", 7, [WHOLE] * 10)
    run(db, "now", 0, [WHOLE, None, None, None, None, None, None, None])
    assert {one.template for one in drifts(db, ["now"])} == {"all forms"}


def test_a_new_form_of_page_that_fills_all_is_no_drift(db: duckdb.DuckDBPyConnection) -> None:
    """Another template with the same fields is a redesign that we read well."""
    run(db, "before", 7, [WHOLE] * 10)
    run(db, "now", 0, [WHOLE] * 8, template="semantic")
    assert drifts(db, ["now"]) == ()


@pytest.mark.parametrize(("before", "now"), [(ENOUGH - 1, 20), (20, ENOUGH - 1)])
def test_too_few_pages_say_nothing(db: duckdb.DuckDBPyConnection, before: int, now: int) -> None:
    """Under five readings on either side the fall may be chance."""
    run(db, "before", 7, [WHOLE] * before)
    run(db, "now", 0, [["body"]] * now)
    assert drifts(db, ["now"]) == ()


@pytest.mark.parametrize(("pages", "drifted"), [(5, set()), (20, {"contacts", "lead"})])
def test_a_small_run_without_what_every_second_page_has_is_chance(
    db: duckdb.DuckDBPyConnection, pages: int, drifted: set[str]
) -> None:
    """An hour's five pages may all lack what half of the pages have; twenty may not."""
    run(db, "before", 7, [WHOLE, ["body"]] * 20)
    run(db, "now", 0, [["body"]] * pages)
    assert {one.field for one in drifts(db, ["now"])} == drifted


def test_a_field_that_was_rare_may_be_missing(db: duckdb.DuckDBPyConnection) -> None:
    """A field on a third of the pages before may be on none today."""
    run(db, "before", 7, [WHOLE, ["body"], ["body"]] * 5)
    run(db, "now", 0, [["body"]] * 10)
    assert drifts(db, ["now"]) == ()


def test_only_the_last_thirty_days_count(db: duckdb.DuckDBPyConnection) -> None:
    """What pages filled two months ago is no measure of today."""
    run(db, "before", 60, [WHOLE] * 20)
    run(db, "now", 0, [["body"]] * 10)
    assert drifts(db, ["now"]) == ()


def test_what_a_backfill_read_is_no_measure(db: duckdb.DuckDBPyConnection) -> None:
    """Old pages do not stand in the comparison, neither way."""
    run(db, "before", 7, [WHOLE] * 20, kind="backfill")
    run(db, "now", 0, [["body"]] * 10)
    assert drifts(db, ["now"]) == ()


def test_a_run_that_read_nothing_has_not_drifted(db: duckdb.DuckDBPyConnection) -> None:
    """A day of 304s brings no reading, and no alarm."""
    run(db, "before", 7, [WHOLE] * 20)
    run(db, "now", 0, [])
    assert drifts(db, ["now"]) == ()
