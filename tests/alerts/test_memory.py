"""After a rebuild, or with the archive or the ledger gone.

Nothing that waits is lost, nothing that went out goes again.
"""

from collections.abc import Iterator

import pytest

from alerts import Delivered, Means, deliver, standing
from alerts.outbox import rows
from tests.alerts.newsroom import HOUR, Newsroom, Receiver, page, rules_for
from warehouse.stores.archive import attach


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A reader's web server."""
    with Receiver().listening() as one:
        yield one


def send(room: Newsroom, receiver: Receiver) -> Delivered:
    """One call of the deliverer, an hour after the last run."""
    environ = {"MOEJ_CHANNEL_HOOK": receiver.url, "MOEJ_CHANNEL_HOOK_KEY": "k"}
    return deliver(
        room.archive,
        room.state,
        room.rules,
        clock=lambda: room.runs[-1].at + 2 * HOUR,
        means=Means(environ=environ),
    )


def ids(room: Newsroom) -> set[tuple[str, str | None]]:
    """The outbox: ids and why they are held."""
    with attach(room.archive) as db:
        return {(one.alert_id, one.held) for one in rows(db)}


def test_a_rebuild_carries_the_outbox_over(room: Newsroom, receiver: Receiver) -> None:
    """Delivered alerts stay delivered, waiting ones are sent, held ones stay held, and ids are the same."""
    room.daily(page(2))
    send(room, receiver)
    room.daily(page(3))
    before = ids(room)
    assert room.load(anew=True).raised == ()
    assert ids(room) == before
    assert send(room, receiver).sent == 1
    assert len(set(receiver.keys)) == len(receiver.keys) == 2


@pytest.mark.parametrize("mirrored", [True, False])
def test_an_archive_that_was_deleted_loses_no_alert(
    room: Newsroom, receiver: Receiver, *, mirrored: bool
) -> None:
    """Deleted with one alert delivered and one waiting, mirrored to the ledger or not.

    One more message, with its id.
    """
    room.daily(page(2))
    send(room, receiver)
    room.daily(page(3))
    before = ids(room)
    if mirrored:
        receiver.answers = [(503, {})]
        send(room, receiver)
    room.archive.unlink()
    room.load()
    assert ids(room) == before
    room.run()
    send(room, receiver)
    told = receiver.keys
    assert len(set(told)) == 2
    assert len(told) == (3 if mirrored else 2), "the refused one came twice, under its key"


def test_an_older_archive_put_back_tells_nothing_twice(room: Newsroom, receiver: Receiver) -> None:
    """With the archive of yesterday and the ledger of today, what was told since is not told again."""
    yesterday = room.archive.read_bytes()
    room.daily(page(2))
    send(room, receiver)
    room.archive.write_bytes(yesterday)
    room.load()
    assert send(room, receiver).sent == 0
    assert len(receiver.keys) == 1


def test_a_lost_ledger_is_filled_from_what_the_archive_shows(room: Newsroom, receiver: Receiver) -> None:
    """What the archive's own `deliveries` say is done stays done without state.sqlite."""
    room.daily(page(2))
    send(room, receiver)
    room.show_deliveries()
    for tail in ("", "-wal", "-shm"):
        room.state.with_name(room.state.name + tail).unlink(missing_ok=True)
    assert send(room, receiver).sent == 0
    assert standing(room.archive, room.state).waiting == {}


def test_with_both_gone_alerts_are_held_for_a_person(room: Newsroom, receiver: Receiver) -> None:
    """Without archive and ledger nobody knows what readers heard: years of news are held, not sent."""
    room.daily(page(2))
    room.archive.unlink()
    found = room.load()
    assert (found.raised, found.held) == ((), {"first run": 1, "no memory": 1})
    assert send(room, receiver).sent == 0


def test_an_archive_that_does_not_open_counts_as_none(room: Newsroom, receiver: Receiver) -> None:
    """A damaged archive does not stand in the way of the rebuild that replaces it."""
    room.daily(page(2))
    send(room, receiver)
    room.archive.write_bytes(b"not a database")
    room.load(anew=True)
    assert send(room, receiver).sent == 0


def test_news_in_the_same_load_as_a_rebuild_is_told(room: Newsroom, receiver: Receiver) -> None:
    """A better extractor that comes with a day's news: history is silent, the news is not."""
    room.daily(page(2))
    send(room, receiver)
    room.extractor = "2"
    room.run(page(3))
    assert [one.release_id for one in room.load(anew=True).raised] == [page(3).release_id]
    assert send(room, receiver).sent == 1


def test_what_is_newly_recognised_is_told_to_who_asks(room: Newsroom) -> None:
    """A rule on `recognised` hears once of a release that the last extractor missed; no other does."""
    where = {"where": "jcm_role = 'subject'"}
    room.rules = rules_for({"name": "asks", **where, "on": ["recognised"]}, {"name": "not", **where})
    room.daily(page(2, jcm_role="mention"))
    room.reads_better(page(2))
    found = room.load(anew=True)
    assert [(one.rule, one.change, one.release_id) for one in found.raised] == [
        ("asks", "recognised", page(2).release_id)
    ]
    room.extractor = "3"
    assert room.load(anew=True).raised == ()
