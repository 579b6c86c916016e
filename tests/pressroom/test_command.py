"""`python -m pressroom`: the room by hand, and how fast it starts."""

import signal
import subprocess
import sys
import time

import httpx
import pytest

import pressroom
from pressroom import PressRoom


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_prints_its_address_and_ends_on_a_signal(number: signal.Signals) -> None:
    """The command prints one line with the address, serves at its clock, and ends with 0 on a signal."""
    command = [sys.executable, "-m", "pressroom", "--port", "0", "--now", "2026-01-15"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        index = httpx.get(url + "/press/").text
        process.send_signal(number)

        assert process.wait(10) == 0
        assert process.stdout.read() == ""
    assert "2026年01月09日発表" in index
    assert "2026年01月22日発表" not in index


def test_starts_at_once() -> None:
    """From the call to the first answer takes less than 100 ms, the data once read."""
    pressroom.packaged()
    best = 10.0
    for _ in range(5):
        began = time.perf_counter()
        with PressRoom() as room:
            assert httpx.get(room.url + "/robots.txt", trust_env=False, verify=False).status_code == 200  # noqa: S501
            best = min(best, time.perf_counter() - began)

    assert best < 0.1


def test_port_is_free_after_closing() -> None:
    """A closed room frees its port for the next."""
    with PressRoom() as first:
        port = int(first.url.rsplit(":", 1)[1])
    with PressRoom(port=port) as second:
        assert second.url == first.url


def test_room_that_is_never_entered_can_be_closed() -> None:
    """Closing a room that never served returns at once and leaves nothing open."""
    room = PressRoom()
    room.close()

    assert room.requests == ()
