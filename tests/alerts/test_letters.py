"""From alerts to letters: one message per version and channel, digests, translations, mutes."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts import Means, deliver, mute, retry, unmute
from extractors.errors import Usage
from extractors.site import JAPAN
from tests.alerts.newsroom import HOOK, START, Newsroom, Page, Receiver, page, rules_for

ENGLISH = Page("20260601-en-press_00009", lang="en", title="Third JCM Joint Committee")
PAIR = (page(2).release_id, ENGLISH.release_id, "translation")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A reader's web server."""
    with Receiver().listening() as one:
        yield one


@pytest.fixture
def send(room: Newsroom, receiver: Receiver) -> Callable[..., list[dict[str, Any]]]:
    """Deliver at some time; the documents that came of it."""
    environ = {"MOEJ_CHANNEL_HOOK": receiver.url, "MOEJ_CHANNEL_HOOK_KEY": "k"}

    def call(at: datetime = START + timedelta(days=5)) -> list[dict[str, Any]]:
        receiver.got.clear()
        deliver(room.archive, room.state, room.rules, clock=lambda: at, means=Means(environ=environ))
        return [json.loads(body) for _, body in receiver.got]

    return call


Send = Callable[..., list[dict[str, Any]]]


def test_two_rules_give_one_message_that_names_both(room: Newsroom, send: Send) -> None:
    """A release that several rules of a channel match is told once, with the names of all."""
    room.rules = rules_for(
        {"name": "jcm", "where": "true"}, {"name": "india", "where": "list_contains(jcm_countries, 'IN')"}
    )
    room.daily(page(2))
    (told,) = send()
    assert told["releases"][0]["rules"] == ["india", "jcm"]
    assert send() == []


def test_a_message_for_two_rules_has_the_most_telling_word(room: Newsroom, send: Send) -> None:
    """A correction stays a correction where a rule that only asks for edits matches too."""
    room.rules = rules_for(
        {"name": "edits", "where": "true", "on": ["changed"]},
        {"name": "jcm", "where": "true", "on": ["corrected"]},
    )
    room.daily(page(1).edited(corrections=[{"corrected_on": None, "note": "※訂正"}]))
    (told,) = send()
    assert (told["releases"][0]["change"], told["releases"][0]["rules"]) == ("corrected", ["edits", "jcm"])


def test_a_rule_that_comes_late_tells_nothing_twice(room: Newsroom, send: Send) -> None:
    """A second rule's alert about a version the channel has had is settled without a message."""
    room.daily(page(2))
    assert len(send()) == 1
    room.rules = rules_for(
        {"name": "late", "where": "true", "on": ["recognised"]}, {"name": "jcm", "where": "true"}
    )
    room.extractor = "2"
    room.load(anew=True)
    assert send() == []


def test_a_digest_goes_out_once_a_day_at_its_hour(room: Newsroom, send: Send) -> None:
    """What was raised before the hour is in today's digest, what comes after waits for tomorrow's."""
    room.rules = rules_for({"name": "jcm", "where": "true", "delivery": "digest"}, digest_at="08:00")
    room.daily(page(2), page(3))
    day = datetime(2026, 6, 3, tzinfo=JAPAN)
    assert send(day.replace(hour=7, minute=59)) == []
    room.run(page(4), at=day.replace(hour=8, minute=30))
    room.load(at=day.replace(hour=8, minute=45))
    (digest,) = send(day.replace(hour=9))
    assert [one["release_id"] for one in digest["releases"]] == [page(2).release_id, page(3).release_id]
    assert send(day.replace(hour=23)) == []
    (digest,) = send(day.replace(hour=8) + timedelta(days=1))
    assert [one["release_id"] for one in digest["releases"]] == [page(4).release_id]


def test_instant_beats_digest_for_the_same_version(room: Newsroom, send: Send) -> None:
    """Where one rule wants a release at once and another in the digest, it is told once, at once."""
    room.rules = rules_for(
        {"name": "now", "where": "true"}, {"name": "later", "where": "true", "delivery": "digest"}
    )
    room.daily(page(2))
    (told,) = send()
    assert (told["type"], told["releases"][0]["rules"]) == ("instant", ["later", "now"])


def test_a_translation_of_the_same_load_stands_in_the_same_message(room: Newsroom, send: Send) -> None:
    """Both languages found at once give one message, the Japanese with the English under it."""
    room.duplicates.append(PAIR)
    room.daily(ENGLISH, page(2))
    (told,) = send()
    (release,) = told["releases"]
    assert (release["release_id"], release["also"][0]["title"]) == (page(2).release_id, ENGLISH.title)


def test_a_translation_that_comes_later_is_a_reply(room: Newsroom, send: Send) -> None:
    """A channel with threads gets the other language under the first message."""
    room.duplicates.append(PAIR)
    room.daily(page(2))
    (first,) = send()
    room.daily(ENGLISH)
    (reply,) = send()
    assert reply["in_reply_to"] == first["id"]


def test_a_channel_without_threads_hears_nothing_of_a_later_translation(room: Newsroom) -> None:
    """Where no reply can be made, a translation of what was told is settled in silence."""
    room.rules = rules_for(channels={"chat": {"kind": "apprise", "url_env": "MOEJ_CHANNEL_CHAT"}})
    room.duplicates.append(PAIR)
    with Receiver().listening() as receiver:
        environ = {"MOEJ_CHANNEL_CHAT": receiver.url.replace("http://", "json://")}
        for pages in ([page(2)], [ENGLISH]):
            room.daily(*pages)
            found = deliver(
                room.archive, room.state, room.rules, clock=lambda: START, means=Means(environ=environ)
            )
            assert found.problems == ()
    assert len(receiver.got) == 1


def test_what_is_muted_is_never_told(room: Newsroom, send: Send) -> None:
    """A muted rule's news of that time stays back.

    What comes after the mute is told, and `retry` sends one after all.
    """
    mute(room.state, "rule:jcm", now=START, lasting=timedelta(days=30))
    room.daily(page(2))
    assert send() == []
    assert unmute(room.state, "rule:jcm")
    room.daily(page(3))
    assert [one["releases"][0]["release_id"] for one in send()] == [page(3).release_id]
    assert retry(room.state, page(2).release_id) == 1
    assert [one["releases"][0]["release_id"] for one in send()] == [page(2).release_id]


def test_a_mute_ends_by_itself(room: Newsroom, send: Send) -> None:
    """After its time a mute holds nothing back."""
    mute(room.state, "channel:hook", now=START, lasting=timedelta(days=1))
    room.daily(page(2))
    assert len(send()) == 1


@pytest.mark.parametrize("subject", ["jcm", "rule:", "people:me"])
def test_only_what_there_is_can_be_muted(room: Newsroom, subject: str) -> None:
    """A subject that nothing goes by is refused with the forms there are."""
    with pytest.raises(Usage, match="expected rule:NAME"):
        mute(room.state, subject, now=START, lasting=None)


def test_a_held_alert_can_be_released(room: Newsroom, send: Send) -> None:
    """What a first run held goes out when a person asks for it, once."""
    assert send() == []
    assert retry(room.state, page(1).release_id) == 1
    assert len(send()) == 1
    with pytest.raises(Usage, match="nothing of"):
        retry(room.state, page(1).release_id)
    with pytest.raises(Usage, match="no alert"):
        retry(room.state, "feedbeef")


def test_a_version_the_archive_lost_is_told_by_title_and_address(
    room: Newsroom, receiver: Receiver, send: Send
) -> None:
    """A waiting alert whose version a rebuild lost still goes out, with what the ledger kept of it."""
    room.daily(page(2))
    receiver.answers = [(503, {})]
    send()
    room.runs.pop()
    room.load(anew=True)
    (told,) = send(START + timedelta(days=9))
    assert (told["releases"][0]["title"], told["releases"][0]["held"]) == (page(2).title, False)


def test_a_channel_that_is_gone_from_the_settings_keeps_its_news(room: Newsroom, send: Send) -> None:
    """A channel that is taken out and put back finds what it missed."""
    room.daily(page(2))
    rules = room.rules
    room.rules = rules_for(channels={"other": HOOK | {"url_env": "MOEJ_NONE"}})
    assert send() == []
    room.rules = rules
    assert len(send()) == 1
