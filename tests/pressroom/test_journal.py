"""The request log."""

import threading

import httpx

from pressroom import PressRoom


def test_requests_are_logged_with_what_matters(room: PressRoom, client: httpx.Client) -> None:
    """Method, path, headers of interest, status, bytes and times of each request are kept in order."""
    first = client.get("/press/", headers={"user-agent": "tester/1", "accept-encoding": "identity"})
    client.get("/press/", headers={"if-none-match": first.headers["etag"], "accept-encoding": "identity"})
    client.head("/press/nothing.html")
    assert room.wait_for_requests(3)
    one, two, three = room.requests

    assert (one.method, one.path, one.status, one.sent) == ("GET", "/press/", 200, len(first.content))
    assert one.headers["user-agent"] == "tester/1"
    assert (one.conditional, two.conditional, two.status, two.sent) == (False, True, 304, 0)
    assert (three.method, three.status) == ("HEAD", 404)
    assert one.began <= one.ended <= two.began


def test_kept_connection_has_one_number(room: PressRoom, client: httpx.Client) -> None:
    """Requests of one kept connection share its number; a new connection has another."""
    client.get("/robots.txt")
    client.get("/robots.txt")
    httpx.get(room.url + "/robots.txt")
    assert room.wait_for_requests(3)
    numbers = [seen.connection for seen in room.requests]

    assert numbers[0] == numbers[1] != numbers[2]


def test_most_in_flight_counts_requests_at_once(room: PressRoom, client: httpx.Client) -> None:
    """Two held requests count as two at once, one after another as one."""
    client.get("/robots.txt")
    client.get("/robots.txt")
    assert room.most_in_flight == 1

    faults = [room.fault("/press/", "slow"), room.fault("/robots.txt", "slow")]
    threads = [
        threading.Thread(target=httpx.get, args=(room.url + fault.path,), kwargs={"timeout": 10})
        for fault in faults
    ]
    for thread, fault in zip(threads, faults, strict=True):
        thread.start()
        assert fault.held.wait(10)
    for thread, fault in zip(threads, faults, strict=True):
        fault.let_go()
        thread.join()

    assert room.most_in_flight == 2


def test_forgetting_begins_anew(room: PressRoom, client: httpx.Client) -> None:
    """After forgetting, only later requests are there."""
    client.get("/robots.txt")
    assert room.wait_for_requests(1)
    room.forget_requests()
    client.get("/press/")
    assert room.wait_for_requests(1)

    assert [seen.path for seen in room.requests] == ["/press/"]


def test_waiting_in_vain_says_so(room: PressRoom) -> None:
    """Waiting for requests that nobody makes ends with False."""
    assert room.wait_for_requests(1, timeout=0.01) is False


def test_many_clients_at_once(room: PressRoom) -> None:
    """Readers and a reviser at the same time get whole answers only."""
    paths = ["/press/", "/press/press_04521.html", "/press/202605.html"]
    wrong: list[int] = []

    def read() -> None:
        with httpx.Client(base_url=room.url, timeout=10) as client:
            wrong.extend(status for path in paths * 5 if (status := client.get(path).status_code) != 200)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        room.revise("press_04521", (f"方法論{number + 3}件", f"方法論{number + 4}件"))
    for thread in threads:
        thread.join()

    assert wrong == []
    assert room.wait_for_requests(60)
