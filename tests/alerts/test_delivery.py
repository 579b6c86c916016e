"""Channels that fail, hang, refuse or ask for time, and two deliverers at once."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from alerts import Delivered, Means, deliver, ledger, listing, retry, standing
from alerts.leases import take
from extractors.errors import Stop
from tests.alerts.newsroom import DAY, HOOK, HOUR, START, Newsroom, Receiver, page, rules_for

NOW = START + 2 * DAY


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A reader's web server."""
    with Receiver().listening() as one:
        yield one


def send(room: Newsroom, receiver: Receiver, at: timedelta = timedelta(), **environ: str) -> Delivered:
    """One call of the deliverer so long after the news."""
    known = {"MOEJ_CHANNEL_HOOK": receiver.url, "MOEJ_CHANNEL_HOOK_KEY": "k", **environ}
    means = Means(environ=known, random=lambda: 0.5)
    return deliver(room.archive, room.state, room.rules, clock=lambda: NOW + at, means=means)


def told(receiver: Receiver) -> list[str]:
    """The releases in the order they were told, repeats included."""
    return [json.loads(body)["releases"][0]["release_id"] for _, body in receiver.got]


def attempts(room: Newsroom) -> list[dict[str, Any]]:
    """The ledger's attempts, oldest first."""
    with ledger.opened(room.state) as con:
        return [dict(row) for row in con.execute("SELECT * FROM deliveries ORDER BY attempted_at, attempt")]


def test_a_channel_that_was_down_for_a_day_gets_everything_once_and_in_order(
    room: Newsroom, receiver: Receiver
) -> None:
    """Calls every hour for a day against a dead channel, then it is back: each message once, in order."""
    room.daily(page(2), page(3))
    receiver.answers = [(503, {})] * 1000
    for call in range(24):
        send(room, receiver, call * HOUR)
    tries = len(receiver.got)
    assert set(told(receiver)) == {page(2).release_id}, "the first in line holds back the others"
    assert tries < 14, "a dead channel is asked less and less often"
    room.daily(page(4))
    receiver.answers = []
    receiver.got.clear()
    send(room, receiver, DAY + 7 * HOUR)
    send(room, receiver, DAY + 8 * HOUR)
    assert told(receiver) == [page(2).release_id, page(3).release_id, page(4).release_id]


def test_a_pause_that_was_asked_for_is_kept(room: Newsroom, receiver: Receiver) -> None:
    """429 with Retry-After: nothing goes out before that, then it does."""
    room.daily(page(2))
    receiver.answers = [(429, {"Retry-After": "7200"})]
    send(room, receiver)
    assert send(room, receiver, timedelta(minutes=119)).sent == 0
    assert send(room, receiver, timedelta(minutes=121)).sent == 1
    assert [one["outcome"] for one in attempts(room)] == ["failed", "delivered"]
    assert len(set(receiver.keys)) == 1


@pytest.mark.parametrize("status", [500, 404, 302])
def test_an_answer_that_is_not_a_yes_is_tried_again(room: Newsroom, receiver: Receiver, status: int) -> None:
    """Whatever is not 2xx has not been delivered; a redirect is not followed."""
    room.daily(page(2))
    receiver.answers = [(status, {"Location": receiver.url})]
    assert send(room, receiver).failed == 1
    assert attempts(room)[0]["detail"] == f"HTTP {status}"
    assert send(room, receiver, HOUR).sent == 1


def test_a_hanging_channel_costs_the_others_nothing(room: Newsroom, receiver: Receiver) -> None:
    """One channel never answers: its letter has failed in time, and the other channel's letters are out."""
    room.rules = rules_for(channels={"slow": HOOK | {"url_env": "MOEJ_SLOW"}, "hook": HOOK}, send_within=3)
    room.daily(page(2), page(3))
    with Receiver(hang=threading.Event()).listening() as slow:
        found = send(room, receiver, MOEJ_SLOW=slow.url)
    assert (found.channels["hook"].sent, found.channels["slow"].failed) == (2, 1)
    assert told(receiver) == [page(2).release_id, page(3).release_id]
    assert {one["channel"] for one in attempts(room) if one["outcome"] == "failed"} == {"slow"}


def test_a_channel_that_is_not_set_up_is_named_and_waits(room: Newsroom, receiver: Receiver) -> None:
    """A missing environment variable is said, costs no try, and holds up nobody else."""
    room.rules = rules_for(channels={"new": HOOK | {"url_env": "MOEJ_NEW"}, "hook": HOOK})
    room.daily(page(2))
    found = send(room, receiver)
    assert found.problems == ("channel 'new': the environment variable MOEJ_NEW is not set",)
    assert found.sent == 1
    assert send(room, receiver, MOEJ_NEW=receiver.url).channels["new"].sent == 1


def test_after_its_last_try_a_letter_is_set_aside_and_the_next_comes_up(
    room: Newsroom, receiver: Receiver
) -> None:
    """A dead letter is shown, holds up nobody any more, and goes out when it is tried again by hand."""
    room.rules = rules_for(tries=2)
    room.daily(page(2), page(3))
    receiver.answers = [(500, {}), (500, {})]
    send(room, receiver)
    found = send(room, receiver, HOUR)
    assert (found.dead, found.sent) == (1, 1)
    assert standing(room.archive, room.state).dead == {"hook": 1}
    (dead,) = listing(room.state, wanted=lambda one: one.outcome == "dead", limit=9)
    assert dead.release_id == page(2).release_id
    assert retry(room.state, dead.alert_id[:8]) == 1
    receiver.got.clear()
    assert send(room, receiver, 2 * HOUR).sent == 1
    assert told(receiver) == [page(2).release_id]


def test_two_deliverers_at_once_send_each_message_once(room: Newsroom, receiver: Receiver) -> None:
    """Four deliverers at the same time over the same outbox: no message twice."""
    room.daily(*(page(number) for number in range(2, 12)))
    threads = [threading.Thread(target=send, args=(room, receiver)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    send(room, receiver)
    assert told(receiver) == [page(number).release_id for number in range(2, 12)]


def test_a_channel_somebody_holds_is_left_alone_until_the_claim_ends(
    room: Newsroom, receiver: Receiver
) -> None:
    """A claim of a living process is respected until its time is over, that of a dead one is not."""
    room.daily(page(2))
    send_none = standing(room.archive, room.state)
    assert send_none.unsorted == 1
    with ledger.opened(room.state) as con:
        assert take(con, "hook", "elsewhere 1 ? x", now=NOW, seconds=60)
        assert send(room, receiver).channels["hook"].busy
        assert send(room, receiver, timedelta(seconds=61)).sent == 1


def test_without_an_archive_there_is_nothing_to_deliver(empty: Newsroom, receiver: Receiver) -> None:
    """Delivery says what is missing instead of making an empty ledger."""
    with pytest.raises(Stop, match="no archive"):
        send(empty, receiver)
    assert not empty.state.exists()


def test_each_call_has_a_budget(room: Newsroom, receiver: Receiver) -> None:
    """A call that has no time left begins nothing; the next one goes on."""
    room.daily(page(2))
    environ = {"MOEJ_CHANNEL_HOOK": receiver.url, "MOEJ_CHANNEL_HOOK_KEY": "k"}
    found = deliver(
        room.archive, room.state, room.rules, clock=lambda: NOW, means=Means(environ=environ, budget=0)
    )
    assert (found.sent, found.channels["hook"].waiting) == (0, 1)
    assert send(room, receiver).sent == 1
