"""A room and a client for it, closed after each test."""

import ssl
from collections.abc import Iterator

import httpx
import pytest

from pressroom import DEMO_DAY_ONE, PressRoom


@pytest.fixture
def room() -> Iterator[PressRoom]:
    """The packaged press room on the demo's first day."""
    with PressRoom(now=DEMO_DAY_ONE) as running:
        yield running


@pytest.fixture
def client(room: PressRoom) -> Iterator[httpx.Client]:
    """A client that stays on one connection and follows nothing by itself."""
    # Reading the machine's certificates for plain HTTP would take longer than the test.
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(base_url=room.url, timeout=10, verify=bare) as running:
        yield running
