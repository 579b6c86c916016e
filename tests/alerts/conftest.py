"""A newsroom with a past, so that what comes next is news."""

import shutil
from pathlib import Path

import pytest

from tests.alerts.newsroom import Newsroom, page


@pytest.fixture
def empty(tmp_path: Path) -> Newsroom:
    """A newsroom whose archive holds nothing yet."""
    return Newsroom(tmp_path)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive after a first run, made once and copied for each test."""
    room = Newsroom(tmp_path_factory.mktemp("first-run"))
    room.daily(page(1))
    return room.archive


@pytest.fixture
def room(empty: Newsroom, first_run: Path) -> Newsroom:
    """A newsroom after its first run, which found one release."""
    empty.run(page(1))
    shutil.copy(first_run, empty.archive)
    return empty
