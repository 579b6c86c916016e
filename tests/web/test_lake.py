"""A room over a lake gives the pages that a room over a file gives."""

import os
from pathlib import Path

import httpx
import pytest

from tests.web import shelf
from tests.web.conftest import running
from warehouse import Lake, search
from warehouse.stores.lake_archive import LakeArchive
from web import Room

TABLES = ("release_versions", "captures", "documents", "run_notes", "alerts", "deliveries", "duplicates")
PAGES = (
    "/releases?limit=70",
    "/releases?kind=credits&country=MN",
    "/releases?limit=9&as_of=2025-07-01",
    "/search?q=クレジット 発行&years=yes",
    "/search?q=会合 OR 水質",
    "/search?q=参加 -水質&as_of=2025-07-01",
    f"/releases/{shelf.THREE}",
    f"/releases/{shelf.CREDITS}",
    f"/releases/{shelf.THREE}/diff/1..2",
    f"/releases/{shelf.THREE}/captures",
    "/jcm",
    "/runs",
    "/quarantine",
)


@pytest.fixture
def lake(postgres: str, data: Path, tmp_path: Path) -> Lake:
    """A lake that holds what the archive of these tests holds."""
    made = Lake(postgres, str(tmp_path / "lake"), schema=f"web_{os.getpid()}")
    with LakeArchive(made, tmp_path / "state.sqlite").draft() as draft:
        draft.db.execute(f"ATTACH '{data}/archive.duckdb' AS shelf (READ_ONLY)")
        for table in TABLES:
            draft.db.execute(f"INSERT INTO {table} BY NAME FROM shelf.{table} ORDER BY rowid")
        ids = draft.db.execute("SELECT release_id FROM releases ORDER BY ALL").fetchall()
        search.update(draft.db, [row[0] for row in ids])
    return made


def test_a_lake_is_read_like_a_file(lake: Lake, tmp_path: Path, client: httpx.Client) -> None:
    """Lists, searches, releases, diffs and figures are the same, asked once and asked again."""
    (tmp_path / "room").mkdir()
    headers = {"accept": "application/json", "accept-language": "en"}
    with (
        running(Room(tmp_path / "room", lake=lake)) as address,
        httpx.Client(base_url=address, headers=headers, timeout=60) as other,
    ):
        for path in PAGES * 2:
            assert other.get(path).json() == client.get(path, headers=headers).json(), path
