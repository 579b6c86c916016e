"""What most tests of this room begin with: an empty log, and one import after the other into it."""

from pathlib import Path

import pytest

from sources import Log
from tests.sources.importing import Import, importer
from tests.sources.kit import BEGIN


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log."""
    return Log(tmp_path / "warc", clock=lambda: BEGIN)


@pytest.fixture
def run(log: Log) -> Import:
    """One import after the other, each a run of its own, an hour apart."""
    return importer(log)
