"""When a known page is due again."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from sources.recheck import Aged, Cost, Policy, cost, due, slot

NOW = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
TODAY = date(2026, 7, 1)
POLICY = Policy(daily_within=14, weekly_within=90, rest_every=91)


def aged(days: int, asked: float, *, doubtful: bool = False, name: str = "p") -> Aged:
    """A page published `days` ago and asked `asked` days ago."""
    return Aged(name, TODAY - timedelta(days=days), NOW - timedelta(days=asked), doubtful)


@pytest.mark.parametrize(
    ("page", "is_due"),
    [
        (aged(0, 0), True),
        (aged(14, 0.1), True),
        (aged(15, 1), False),
        (aged(15, 6.99), True),
        (aged(15, 5.9), False),
        (aged(90, 7), True),
        (aged(90, 1, doubtful=True), True),
        (aged(90, 0.2, doubtful=True), False),
        (aged(91, 91), True),
        (aged(3000, 1, doubtful=True), True),
        (aged(3000, 0.2, doubtful=True), False),
    ],
)
def test_a_page_is_due_by_its_age(page: Aged, *, is_due: bool) -> None:
    """Fresh pages on every run, younger ones weekly, doubtful ones after a day, the rest once a round."""
    assert due([page], now=NOW, policy=POLICY) == (("p",) if is_due else ())


def test_a_daily_job_that_starts_a_little_early_skips_no_day() -> None:
    """Days are counted on the calendar, not in hours."""
    assert due([aged(30, 7 - 0.02)], now=NOW, policy=POLICY) == ("p",)


def test_the_rest_comes_round_once_in_slices() -> None:
    """Over one round every old page is asked once, and no day is much heavier than another."""
    asked = dict.fromkeys((f"page-{number}" for number in range(1000)), NOW)
    counts: Counter[str] = Counter()
    a_day: list[int] = []
    for day in range(8, 8 + POLICY.rest_every):
        now = NOW + timedelta(days=day)
        pages = [Aged(name, date(2010, 1, 1), moment) for name, moment in asked.items()]
        wanted = due(pages, now=now, policy=POLICY)
        asked |= dict.fromkeys(wanted, now)
        counts.update(wanted)
        a_day.append(len(wanted))
    assert set(counts) == set(asked)
    assert max(counts.values()) <= 2
    assert sum(a_day) <= 1.1 * len(asked)
    assert max(a_day) < 4 * len(asked) / POLICY.rest_every


def test_a_machine_that_was_off_does_not_ask_for_everything_at_once() -> None:
    """Pages that missed their slice follow oldest first, two slices at a time."""
    pages = [aged(1000, 200 + number % 7, name=f"page-{number}") for number in range(910)]
    wanted = due(pages, now=NOW, policy=POLICY)
    assert 10 <= len(wanted) <= 10 * 4
    late = [
        page for page in pages if page.page in wanted and slot(page.page, POLICY) != TODAY.toordinal() % 91
    ]
    assert {page.asked_at for page in late} == {NOW - timedelta(days=206)}


def test_the_newest_come_first() -> None:
    """A run that is cut short has asked what matters most."""
    pages = [aged(3, 1, name="c"), aged(1, 1, name="b"), aged(1, 1, name="a")]
    assert due(pages, now=NOW, policy=POLICY) == ("a", "b", "c")


def test_the_cost_of_a_policy() -> None:
    """What a policy costs can be said before it is paid."""
    pages = [aged(1, 1)] * 100 + [aged(50, 1)] * 700 + [aged(1000, 1)] * 9100
    assert cost(pages, today=TODAY, policy=POLICY) == Cost(100, 700, 9100, 100 + 100 + 100)
