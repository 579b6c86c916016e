"""The commands `moej alerts …`, called as the command line calls them."""

import json
from collections.abc import Iterator
from contextlib import closing
from sqlite3 import OperationalError
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from alerts import preview, standing
from alerts.ledger import looked_into
from cli.alerts import app
from cli.context import Context
from extractors.errors import Stop, Usage
from flows.settings import Settings
from tests.alerts.newsroom import HOOK, START, Newsroom, Receiver, page, rules_for


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A reader's web server, named in the environment."""
    with Receiver().listening() as one:
        monkeypatch.setenv("MOEJ_CHANNEL_HOOK", one.url)
        monkeypatch.setenv("MOEJ_CHANNEL_HOOK_KEY", "k")
        yield one


def call(room: Newsroom, *words: str, as_json: bool = False, channels: bool = True) -> Result:
    """One command over the newsroom's files."""
    settings = Settings(
        data=room.folder, now=START.replace(day=20), channels={"hook": HOOK} if channels else {}
    )
    return CliRunner().invoke(app, list(words), obj=Context(settings, as_json=as_json))


def listed(room: Newsroom, *words: str) -> list[dict[str, Any]]:
    """What `list` gives as JSON."""
    found: list[dict[str, Any]] = json.loads(call(room, "list", *words, as_json=True).stdout)
    return found


def test_deliver_sends_and_list_shows_it(room: Newsroom, receiver: Receiver) -> None:
    """What was sent, what was held and what waits can each be listed."""
    room.daily(page(2))
    assert call(room, "deliver").exit_code == 0
    assert len(receiver.got) == 1
    assert [one["outcome"] for one in listed(room)] == ["delivered", "held: first run"]
    assert [one["release_id"] for one in listed(room, "--held")] == [page(1).release_id]
    assert listed(room, "--dead") == []
    assert "press_00002" in call(room, "list").stdout


def test_a_failed_delivery_says_so_and_can_be_put_in_line_again(room: Newsroom, receiver: Receiver) -> None:
    """Exit code 1 tells whoever called; retry does not wait for the pause."""
    room.daily(page(2))
    receiver.answers = [(500, {})]
    assert call(room, "deliver").exit_code == 1
    (waiting,) = listed(room, "--waiting")
    assert (waiting["attempts"], waiting["detail"]) == (1, "HTTP 500")
    assert "1 in line again" in call(room, "retry", waiting["alert_id"]).stdout
    assert call(room, "deliver").exit_code == 0
    assert len(receiver.got) == 2


def test_a_test_message_is_marked(room: Newsroom, receiver: Receiver) -> None:
    """`test RULE` sends one message that says that nothing was announced.

    An unknown rule is refused with the known ones.
    """
    assert call(room, "test", "jcm").exit_code == 0
    ((_, body),) = receiver.got
    assert "試験通知" in json.loads(body)["subject"]
    unknown = call(room, "test", "jmc").exception
    assert isinstance(unknown, Usage)
    assert "there are: jcm" in str(unknown)


def test_a_rule_is_judged_before_it_is_switched_on(room: Newsroom) -> None:
    """`preview` shows what the rules would have told, first run and backfill included, and sends nothing."""
    room.daily(page(2), page(3, jcm_role="none"))
    room.daily(page(1).edited(title="別の件名"), kind="backfill")
    found = json.loads(call(room, "preview", as_json=True).stdout)
    assert [(one["change"], one["release_id"][-5:]) for one in found] == [
        ("created", "00001"),
        ("created", "00002"),
        ("corrected", "00001"),
    ]
    assert "messages that would have been sent: 1" in call(room, "preview", "--since", "2026-06-02").stdout


def test_a_preview_can_be_of_any_rule_and_marks_copies(room: Newsroom) -> None:
    """A copy is shown with what it repeats, and a release made to match by an edit counts as new."""
    room.duplicates.append((page(1).release_id, page(2).release_id, "copy"))
    room.daily(page(2), page(3, jcm_countries=["MN"]))
    room.daily(page(3).edited(body="インドについて追記しました。"))
    rule = rules_for({"name": "india", "where": "list_contains(jcm_countries, 'IN')"}).rules
    found = preview(room.archive, rule)
    assert [(one.change, one.release_id[-5:], one.held) for one in found] == [
        ("created", "00001", None),
        ("created", "00002", f"copy of {page(1).release_id}"),
        ("changed", "00003", None),
    ]


def test_mute_and_its_end(room: Newsroom, receiver: Receiver) -> None:
    """A muted rule is silent until it is heard again."""
    assert "is muted until 2026-06-23 09:00 UTC" in call(room, "mute", "rule:jcm", "--days", "3").stdout
    room.daily(page(2))
    call(room, "deliver")
    assert receiver.got == []
    assert "is heard again" in call(room, "mute", "rule:jcm", "--off").stdout
    assert "was not muted" in call(room, "mute", "rule:jcm", "--off").stdout


def test_a_program_is_told_what_was_muted_and_put_in_line(room: Newsroom, receiver: Receiver) -> None:
    """With `--json` each of the two writes one document, with the whole id and the end of the mute."""

    def told(*words: str) -> Any:
        return json.loads(call(room, *words, as_json=True).stdout)

    room.daily(page(2))
    receiver.answers = [(500, {})]
    call(room, "deliver")
    (waiting,) = listed(room, "--waiting")
    subject = f"alert:{waiting['alert_id']}"
    assert told("retry", waiting["alert_id"][:8]) == {"in_line": 1}
    assert told("mute", subject[:14]) == {"subject": subject, "muted": True, "until": None}
    assert told("mute", "rule:jcm", "--days", "3")["until"] == "2026-06-23T09:00:00+00:00"
    assert told("mute", subject, "--off") == {"subject": subject, "muted": False, "was_muted": True}
    assert not told("mute", subject, "--off")["was_muted"]


def test_a_mute_of_no_days_is_not_for_good(room: Newsroom) -> None:
    """It ends where it begins, and says so."""
    assert "is muted until 2026-06-20 09:00 UTC" in call(room, "mute", "rule:jcm", "--days", "0").stdout


@pytest.mark.usefixtures("receiver")
def test_the_alerts_are_listed_where_nothing_can_be_written(room: Newsroom) -> None:
    """Who may only read, at a share or as another user, sees what there is, and can change nothing."""
    room.daily(page(2))
    assert call(room, "deliver").exit_code == 0
    # SQLite cannot make the file that it wants beside one it reads, as where the folder is read-only.
    (room.folder / "state.sqlite-shm").mkdir()
    assert [one["outcome"] for one in listed(room)] == ["delivered", "held: first run"]
    assert standing(room.archive, room.state).waiting == {}
    with closing(looked_into(room.state)) as con, pytest.raises(OperationalError, match="readonly"):
        con.execute("DELETE FROM letters")


def test_without_channels_nothing_breaks(room: Newsroom) -> None:
    """An archive without any channel delivers nothing and says so."""
    assert "no channel" in call(room, "deliver", channels=False).stdout
    assert "no alert yet" in call(Newsroom(room.folder / "none"), "list").stdout


def test_an_empty_list_says_what_there_is_none_of(room: Newsroom) -> None:
    """Alerts there are, but none was given up or waits: the word says that, and not that there are none."""
    room.daily(page(2))
    assert "no alert is given up or waiting to be sent" in call(room, "list", "--dead", "--waiting").stdout


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("rule:jmc", "there are: jcm"),
        ("channel:hok", "there are: hook"),
        ("release:press_99999", "no release"),
        ("alert:ffffff", "the beginning of no alert"),
        ("alert:", "the beginning of no alert"),
    ],
)
def test_a_mute_of_nothing_is_refused(room: Newsroom, subject: str, said: str) -> None:
    """A slip of the pen is said at once, and does not show by messages that go on coming."""
    room.daily(page(2))
    refused = call(room, "mute", subject).exception
    assert isinstance(refused, Usage)
    assert said in str(refused)


def test_an_alert_is_muted_by_the_letters_that_the_list_shows(room: Newsroom, receiver: Receiver) -> None:
    """Eight letters stand for the whole id, which is what a mute is matched with."""
    room.daily(page(2))
    receiver.answers = [(500, {})]
    call(room, "deliver")
    whole = listed(room, "--waiting")[0]["alert_id"]
    assert f"alert:{whole} is muted for good" in call(room, "mute", f"alert:{whole[:8]}").stdout


def test_no_test_is_left_in_line_where_there_is_no_archive(room: Newsroom, receiver: Receiver) -> None:
    """Before the first run a test is refused; it would go out with the first news instead."""
    empty = Newsroom(room.folder / "none")
    assert isinstance(call(empty, "test", "jcm").exception, Stop)
    room.daily(page(2))
    assert call(room, "deliver").exit_code == 0
    assert [json.loads(body)["type"] for _, body in receiver.got] == ["instant"]
