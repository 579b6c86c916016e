"""What runs leave in Prefect, as plain values: no server is asked."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from alerts import Delivered
from alerts.counter import Tally
from flows import backfill_flow, deliver_alerts, rebuild_flow
from flows.backfill import Backfilled
from flows.owed import Owed, Unit
from flows.report import ENDS, SHOWN, STAGES, News, RunReport
from flows.tasks import A_LINE, _named
from warehouse import Change, Loaded

BEGUN: Final = datetime(2026, 6, 2, 9, 30, tzinfo=UTC)
RUN: Final[dict[str, Any]] = {
    "run_id": "r1",
    "started_at": BEGUN,
    "finished_at": BEGUN + timedelta(seconds=95),
    "requests": 14,
    "bytes_received": 20_480,
    **dict.fromkeys((*STAGES, *ENDS), 0),
    "listed": 9,
    "not_fetched": 1,
}


def change(number: int, *, run_id: str = "r1", what: str = "created") -> Change:
    """A version that a load made."""
    return Change(f"20260602-press_{number:05}", 1, what, f"c{number}", run_id, "run", is_newest=True)


def test_a_report_says_what_the_run_cost() -> None:
    """Requests, bytes and seconds are in the line of the log and in the Markdown."""
    report = RunReport(RUN)
    assert report.line() == "9 listed, 1 not fetched, 14 requests, 20,480 bytes, 95 s"
    assert "\n14 requests, 20,480 bytes, 95 s\n" in report.markdown()


def test_a_killed_run_has_no_length() -> None:
    """It is said not to have ended, and no seconds are made up."""
    assert RunReport({**RUN, "finished_at": None}).cost() == "14 requests, 20,480 bytes, not ended"


def test_a_title_is_no_markup() -> None:
    """A page cannot put a picture or a link of its own into Prefect's pages."""
    news = News(
        "20260602-press_1", 1, "created", "![x](http://evil.example/)", "https://www.env.go.jp/a", "none"
    )
    assert "![x](" not in RunReport(RUN, news=(news,)).markdown()


def test_the_log_names_many_changes_in_few_lines() -> None:
    """Each by its id, under its run and what happened, and never the words of a page."""
    many = [change(number) for number in range(2 * A_LINE + 1)]
    lines = list(_named([*many, change(7, run_id="r2", what="withdrawn")]))
    assert [line.partition(" 2026")[0] for line in lines] == ["run r1: created"] * 3 + ["run r2: withdrawn"]
    assert {one.release_id for one in many if one.release_id not in " ".join(lines)} == set()
    assert lines[-1] == "run r2: withdrawn 20260602-press_00007 (version 1)"


def test_a_rebuild_and_a_delivery_leave_a_table() -> None:
    """Files, versions and what came out differently; sent, failed and given up by channel."""
    loaded = Loaded(files=("a", "b"), changes=(change(1),), reextracted=3, rebuilt=True)
    assert rebuild_flow.ledger(loaded) == {"files": 2, "versions": 1, "read differently": 3}
    done = Delivered({"ops": Tally(sent=2, failed=1)})
    (row,) = deliver_alerts.ledger(done)
    assert (row["channel"], row["sent"], row["failed"], row["dead"]) == ("ops", 2, 1, 0)


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (10, "nothing else is owed until 2026-06 is over; its lists are asked for again"),
        (40, "still owed: 1 of 14 months, newest 2026-06: 1 lists, 0 pages, 0 files known, about 0 more"),
    ],
)
def test_a_backfill_says_what_is_left_as_the_command_does(day: int, left: str) -> None:
    """The month that goes on is not told as a rest that somebody has to call for."""
    june = Unit((2026, 6), lists=("https://www.env.go.jp/press/202606.html",))
    done = Backfilled(14, 900, Owed((june,), 14, lists=1, pages=0, files=0, guessed=0))
    said = backfill_flow.markdown(done, today=datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=day))
    assert "900 pages and files answered, 14 months gone through, 0 lists" in said
    assert said.endswith(f"\n\n{left}")


def test_a_first_run_names_some_of_its_changes() -> None:
    """A page of thousands of lines helps nobody: some are named, and how many are not."""
    news = News("20260602-press_1", 1, "created", "t", "https://www.env.go.jp/a", "none")
    said = RunReport(RUN, news=(news,) * (SHOWN + 1_234)).markdown()
    assert said.count("- created: ") == SHOWN
    assert said.endswith("\n- and 1,234 more, which the archive's ledger has")
