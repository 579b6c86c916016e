"""Faults come when ordered, as often as ordered, and leave the room healthy."""

import threading

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from pressroom import DEMO_DAY_ONE, PressRoom

INDEX = "/press/"


def test_unavailable_says_when_to_come_back(room: PressRoom, client: httpx.Client) -> None:
    """503 comes with Retry-After for the ordered number of requests, then the page."""
    room.fault(INDEX, "503", times=2, retry_after=7)
    answers = [client.get(INDEX) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["retry-after"] == "7"


def test_server_error(room: PressRoom, client: httpx.Client) -> None:
    """500 for one address leaves the others alone."""
    room.fault(INDEX, "500")

    assert client.get("/robots.txt").status_code == 200
    assert client.get(INDEX).status_code == 500


def test_dropped_connection(room: PressRoom, client: httpx.Client) -> None:
    """A dropped connection gives no answer at all, and is logged with status 0."""
    room.fault(INDEX, "drop")

    with pytest.raises(httpx.RemoteProtocolError):
        client.get(INDEX)
    assert room.requests[-1].status == 0
    assert client.get(INDEX).status_code == 200


def test_truncated_body(room: PressRoom, client: httpx.Client) -> None:
    """A truncated answer promises more bytes than come."""
    room.fault(INDEX, "truncate")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        client.get(INDEX)


def test_slow_answer_is_held_until_let_go(room: PressRoom) -> None:
    """A slow answer comes when the test says so, whole and healthy."""
    fault = room.fault(INDEX, "slow")
    answers: list[int] = []
    asking = threading.Thread(
        target=lambda: answers.append(httpx.get(room.url + INDEX, timeout=10).status_code)
    )
    asking.start()
    assert fault.held.wait(10)
    assert answers == []
    fault.let_go()
    asking.join()

    assert answers == [200]


def test_client_that_gives_up_on_a_slow_answer(room: PressRoom) -> None:
    """A client with a short timeout gives up; the room lives on."""
    fault = room.fault(INDEX, "slow")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(room.url + INDEX, timeout=0.05)
    fault.let_go()

    assert httpx.get(room.url + INDEX).status_code == 200


def test_closing_ends_held_answers() -> None:
    """A room that closes lets go of what it holds, so that no thread outlives it."""
    with PressRoom(now=DEMO_DAY_ONE) as room:
        fault = room.fault(INDEX, "slow")
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(room.url + INDEX, timeout=0.05)

    assert fault.released.is_set()


@pytest.mark.parametrize("kind", ["maintenance", "empty", "says-empty", "unknown-markup"])
def test_pages_that_are_no_list(room: PressRoom, client: httpx.Client, kind: str) -> None:
    """Answers with 200 that hold no item of the known markup."""
    room.fault(INDEX, kind)
    answer = client.get(INDEX)

    assert answer.status_code == 200
    assert LexborHTMLParser(answer.text).css("a.c-news-link__link") == []


def test_only_one_empty_list_says_that_it_is_empty(room: PressRoom, client: httpx.Client) -> None:
    """An empty index with a sentence that says so can be told from one without."""
    room.fault(INDEX, "empty")
    room.fault(INDEX, "says-empty")
    silent, spoken = client.get(INDEX).text, client.get(INDEX).text

    assert "ありません" not in silent
    assert "報道発表資料はありません" in spoken


def test_fault_for_any_address(room: PressRoom, client: httpx.Client) -> None:
    """An order for `*` hits whatever is asked next."""
    room.fault("*", "500", times=2)

    assert [client.get(path).status_code for path in (INDEX, "/robots.txt", INDEX)] == [500, 500, 200]


def test_unknown_fault_is_refused(room: PressRoom) -> None:
    """An unknown kind names the known ones."""
    with pytest.raises(ValueError, match="known: 503, 500, drop"):
        room.fault(INDEX, "plague")
