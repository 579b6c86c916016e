import gzip
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests.warehouse.keep import FOLDER
from warehouse.migrate import migrations
from web import Room
from web.places import PLACES

KEPT = sorted(FOLDER.glob("*.duckdb.gz"))
RELEASE = "20260105-press_00001"
CAPTURE = "c-0001-0000"
RUN = "run-0001"


def addresses() -> list[str]:
    """Every page, and every format of it, filled in with what a kept archive holds."""
    ids = {"release_id": RELEASE, "version": "2", "pair": "1..2", "capture_id": CAPTURE, "run_id": RUN}
    filled = [re.sub(r"{(\w+)}", lambda found: ids[found[1]], place.path) for place in PLACES]
    return [
        path + ending
        for path, place in zip(filled, PLACES, strict=True)
        for ending in ("", *(f".{kind}" for kind in place.formats if kind != "html"))
    ]


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.name[:4])
def test_an_archive_of_every_earlier_version_is_shown_or_the_mend_is_said(
    kept: Path, tmp_path: Path, open_room: Callable[[Room], AbstractContextManager[str]]
) -> None:
    """What such an archive has is shown; a page that needs more says which load brings it. None breaks."""
    (tmp_path / "archive.duckdb").write_bytes(gzip.decompress(kept.read_bytes()))
    number = int(kept.name[:4])
    with open_room(Room(tmp_path)) as address, httpx.Client(base_url=address) as client:
        answers = [client.get(path, params={"q": "会合"} if "search" in path else {}) for path in addresses()]
    shown = {answer.url.path: answer.status_code for answer in answers}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert shown["/releases"] == shown["/search"] == shown["/jcm"] == shown[f"/releases/{RELEASE}"] == 200
    assert set(shown.values()) <= {200, 503}
    assert [answer.url.path for answer in refused if f"tables of step {number}" not in answer.text] == []
    assert not refused or number < migrations()[-1].number
