"""One archive and one running reading room for the tests that only read; a browser where there is one."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.web import shelf
from web import Limits, Room, server

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def running(room: Room) -> Iterator[str]:
    """The address of a reading room that is open for the block."""
    ready = threading.Event()
    where: list[str] = []

    def told(address: str) -> None:
        where.append(address)
        ready.set()

    one = server(room, host="127.0.0.1", port=0, on_ready=told)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    assert ready.wait(30), "the room did not open"
    try:
        yield where[0]
    finally:
        one.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the archive; nobody changes it."""
    return shelf.build(tmp_path_factory.mktemp("web") / "data")


@pytest.fixture(scope="session")
def address(data: Path) -> Iterator[str]:
    """Where the reading room is open, SQL included."""
    with running(Room(data, sql=True, limits=Limits(sql_seconds=3.0, sql_megabytes=1_200))) as where:
        yield where


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client that asks in English."""
    with httpx.Client(base_url=address, headers={"accept-language": "en"}, timeout=30) as one:
        yield one


@pytest.fixture
def open_room() -> Callable[[Room], object]:
    """Opens a room of the test's own."""
    return running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; without one the test is skipped, or fails where MOEJ_REQUIRE_BROWSER is set."""
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium on this machine; on Debian: apt-get install chromium"
        if os.environ.get("MOEJ_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found
