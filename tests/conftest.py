"""What holds for every test: no network but loopback, no settings of the machine, no sleeping, one thread."""

import gc
import os
import socket
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
import stamina

from tests.forks import one_list
from tests.laid import laid_once
from tests.postgres import server, unchecked_extensions

SEED = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds" / "000_4f9ca7c49c47b972.txt"


LONG = ("test_writers.py", "test_server.py", "test_workers.py")
"""They wait for processes of their own, for half a minute: begun last, they would keep one worker alone."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones come first."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: to look for garbage in it takes 3 % of all time."""
    gc.collect()
    gc.freeze()


def is_loopback(address: object) -> bool:
    """Whether a socket address stays on this machine (Unix sockets do)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    return host == "localhost" or ip_address(host.partition("%")[0]).is_loopback


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the internet fails at once instead of hanging or, worse, succeeding."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not is_loopback(address):
            raise AssertionError(f"a test reached for {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """More threads only cost time on a few rows, half of it on a lake; processes of their own have them."""
    connect = duckdb.connect

    def connected(place: Any = ":memory:", *, config: Mapping[str, Any] | None = None, **how: Any) -> Any:
        return connect(place, config={"threads": 1, **(config or {})}, **how)

    with patch.object(duckdb, "connect", connected):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_fork_server() -> Iterator[None]:
    """What processes are forked from imports what all tests need, whoever starts it."""
    with one_list():
        yield


@pytest.fixture(scope="session", autouse=True)
def tables_laid_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hundreds of tests begin an archive, and its tables take a tenth of a second each time."""
    with laid_once(tmp_path_factory.mktemp("laid")):
        yield


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the machine must not colour a test."""
    for name in [name for name in os.environ if name.startswith("MOEJ_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def instant_retries() -> Iterator[None]:
    """Back-off takes no time in tests; that it happens is what is tested."""
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture(scope="session")
def seed() -> Path:
    """One real release as saved text; it lies beside the project and is not ours to ship."""
    if not SEED.exists():
        pytest.skip("the seed lies beside the project, not in it")
    return SEED


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """How the session's own PostgreSQL is reached."""
    with server() as reached, unchecked_extensions():
        yield reached
