"""Silence explained: heartbeat, dead-man check, and what the operator hears."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts import Concern, Means, deliver, events, health
from alerts.events import MANY
from extractors.site import JAPAN
from tests.alerts.newsroom import DAY, HOOK, HOUR, START, Newsroom, Receiver, page, rules_for
from warehouse.loaded import Change
from warehouse.stores.archive import Archive

MORNING = datetime(2026, 6, 3, 9, 0, tzinfo=JAPAN)
CHANNELS = {"readers": HOOK | {"url_env": "MOEJ_READERS"}, "ops": HOOK}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The operator's web server."""
    with Receiver().listening() as one:
        yield one


def told(
    room: Newsroom, receiver: Receiver, at: datetime, *concerns: Concern, **environ: str
) -> list[dict[str, Any]]:
    """What the operator gets at some time."""
    receiver.got.clear()
    known = {
        "MOEJ_CHANNEL_HOOK": receiver.url,
        "MOEJ_CHANNEL_HOOK_KEY": "k",
        "MOEJ_READERS": receiver.url,
        **environ,
    }
    deliver(
        room.archive, room.state, room.rules, clock=lambda: at, means=Means(environ=known), concerns=concerns
    )
    return [json.loads(body) for _, body in receiver.got]


def test_the_heartbeat_comes_once_a_day_and_says_what_was_looked_at(
    room: Newsroom, receiver: Receiver
) -> None:
    """After its hour it comes once, with the runs of the last day, and says so if there were none."""
    room.rules = rules_for(
        channels=CHANNELS, operator="ops", heartbeat="ops", heartbeat_at="09:00", lang="en"
    )
    assert told(room, receiver, MORNING - HOUR) == []
    room.daily(page(2, jcm_role="none"), at=MORNING - 14 * HOUR)
    (first,) = [one for one in told(room, receiver, MORNING) if one["type"] == "note"]
    assert first["subject"] == "Heartbeat (3 June 2026)"
    assert first["lines"] == [
        "06-02 19:00 (Tokyo) run: done, 0 listed, 1 archived, 1 new, 0 changed, 0 new on the JCM, 300 s"
    ]
    assert told(room, receiver, MORNING + HOUR) == []
    (second,) = told(room, receiver, MORNING + 2 * DAY)
    assert second["lines"] == ["No run in the last 24 hours."]


def test_a_trouble_is_told_once_again_if_worse_and_again_after_a_day(
    room: Newsroom, receiver: Receiver
) -> None:
    """The operator is not told the same every hour."""
    room.rules = rules_for(channels=CHANNELS, operator="ops")
    drift, worse = (Concern("drift", level, f"drift {level}") for level in (1, 2))
    assert [one["lines"] for one in told(room, receiver, START, drift)] == [["drift 1"]]
    assert told(room, receiver, START + HOUR, drift) == []
    assert [one["lines"] for one in told(room, receiver, START + 2 * HOUR, worse)] == [["drift 2"]]
    assert told(room, receiver, START + 3 * HOUR, drift) == []
    assert len(told(room, receiver, START + 2 * HOUR + DAY, drift)) == 1


def test_dead_letters_and_lacking_secrets_and_failed_runs_reach_the_operator(
    room: Newsroom, receiver: Receiver
) -> None:
    """What stops readers from hearing anything is said on the operator's own channel."""
    room.rules = rules_for(channels=CHANNELS, operator="ops", tries=1, lang="en")
    room.daily(page(2))
    dead = f"http://127.0.0.1:{1}/"
    told(room, receiver, START + DAY, MOEJ_READERS=dead)
    room.daily(status="failed")
    (note,) = told(room, receiver, START + 2 * DAY, MOEJ_READERS="")
    text = "\n".join(note["lines"])
    assert "channel readers: 1 messages given up" in text
    assert "MOEJ_READERS is not set" in text
    assert "run-3 failed" in text


def test_of_runs_that_began_at_one_time_the_last_to_arrive_is_the_last(
    room: Newsroom, receiver: Receiver
) -> None:
    """Under a clock that stands still the run that failed is told, whatever the ids of those before it."""
    room.rules = rules_for(channels=CHANNELS, operator="ops", lang="en")
    room.daily(page(2), at=START, status="failed")
    with Archive(room.archive, lock_wait=5).draft() as draft:
        for table in ("run_notes", "captures"):
            draft.db.execute(f"UPDATE {table} SET run_id = 'run-z' WHERE run_id = 'run-1'")  # noqa: S608 - ours
    notes = [one for one in told(room, receiver, START + HOUR) if one["type"] == "note"]
    assert [one["lines"] for one in notes] == [["run run-2 failed: it was killed"]]


def test_a_growing_quarantine_is_told(room: Newsroom, receiver: Receiver) -> None:
    """New captures that cannot be read are said, with their number; old ones are not said every day."""
    room.rules = rules_for(channels=CHANNELS, operator="ops", lang="en")
    with Archive(room.archive, lock_wait=5).draft() as draft:
        draft.db.execute("UPDATE captures SET verdict = 'unreadable'")
    (note,) = told(room, receiver, START + HOUR)
    assert note["lines"] == ["captures of the last week that cannot be read: 1; `moej status` names them"]
    assert told(room, receiver, START + 8 * DAY) == []


def test_the_dead_man_check_goes_by_runs_that_ended_well(room: Newsroom) -> None:
    """Only a good daily run counts: no failed one, no import, and no look that goes well hour by hour."""
    ended = START + timedelta(minutes=5)
    room.daily(status="failed")
    room.daily(kind="import")
    room.daily(kind="watch")
    assert health(room.archive, 26 * HOUR, ended + 26 * HOUR).ok
    late = health(room.archive, 26 * HOUR, ended + 26 * HOUR + timedelta(seconds=1))
    assert not late.ok
    assert late.last_good == ended
    assert late.reason == "the last good daily run ended 26.0 h ago, older than 26.0 h"


def test_the_dead_man_check_fails_where_nothing_ever_ran(empty: Newsroom) -> None:
    """No archive, or one without a good run, is not healthy."""
    assert not health(empty.archive, DAY, START).ok
    empty.daily(page(1), kind="import")
    assert health(empty.archive, DAY, START).reason == "no daily run has ended well yet"


def test_every_change_is_an_event() -> None:
    """A scheduler hears of each version by name and resource."""
    change = Change("20260601-press_00001", 2, "changed", "c", "r", "run", is_newest=True)
    (event,) = events([change])
    assert (event.name, event.resource_id) == ("moej.release.changed", "moej.release.20260601-press_00001")
    assert event.payload["version"] == 2


def test_many_changes_at_once_are_few_events() -> None:
    """A first run of thousands names every release once, so many to an event, under its run."""
    made = [
        Change(f"20260601-press_{number:05}", 1, "created", "c", "r", "run", is_newest=True)
        for number in range(2 * MANY + 1)
    ]
    found = events(made)
    assert {(one.name, one.resource_id) for one in found} == {("moej.releases.created", "moej.run.r")}
    assert [len(one.payload["releases"]) for one in found] == [MANY, MANY, 1]
    named = [release["release_id"] for one in found for release in one.payload["releases"]]
    assert named == [one.release_id for one in made]


def test_a_day_s_changes_are_each_an_event() -> None:
    """As many as a busy day may have, an automation hears of one by one."""
    made = [Change(f"r{number}", 1, "created", "c", "r", "run", is_newest=True) for number in range(MANY)]
    assert len(events(made)) == MANY
