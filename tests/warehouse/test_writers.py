"""Two machines load into one lake at once, and one of them is killed on the way."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.warehouse import writers
from tests.warehouse.world import MemoryLog, load
from warehouse import Archive, Lake, digest, open_archive

LOADS = int(os.environ.get("MOEJ_WRITERS_LOADS", "9"))
DIES_AT = "warehouse.checked:3"
"""In its third load, when all is written and nothing committed, while the other waits for its turn."""


@pytest.mark.timeout(400)
def test_two_writers_lose_nothing_and_double_nothing(postgres: str, tmp_path: Path) -> None:
    """Every version once, although one is killed and taken over: the lake says what a rebuild says."""
    lake = Lake(postgres, str(tmp_path / "lake"), schema=f"writers_{os.getpid()}")
    going = writers.start(lake, tmp_path, "a", LOADS)
    doomed = writers.start(lake, tmp_path, "b", LOADS, dies_at=DIES_AT)
    doomed.join()
    heir = writers.start(lake, tmp_path, "b", LOADS // 3)
    for child in (going, heir):
        child.join()
    assert (doomed.exitcode, going.exitcode, heir.exitcode) == (-signal.SIGKILL, 0, 0)

    logs = [writers.raw(tmp_path, machine) for machine in "ab"]
    fetched = {file.name: file for log in logs for file in log.files}
    with open_archive(lake) as archive:
        order = [row["name"] for row in archive.rows("SELECT name FROM warc_files ORDER BY sequence")]
        history = archive.history("20260105-press_00001")
        captures = archive.rows("SELECT count(*) AS n, count(DISTINCT capture_id) AS once FROM captures")
        said = digest(archive.db)
    assert sorted(order) == sorted(fetched)
    assert [len(log.files) for log in logs] == [LOADS, 3 + LOADS // 3]
    assert captures == [{"n": 3 * len(fetched), "once": 3 * len(fetched)}]
    assert [row["version"] for row in history] == list(range(1, len(fetched) + 1))

    whole = [replace(fetched[name], sequence=number) for number, name in enumerate(order, start=1)]
    with Archive(tmp_path / "fresh.duckdb").draft() as draft:
        load(draft, MemoryLog(files=whole))
    with open_archive(tmp_path / "fresh.duckdb") as fresh:
        assert digest(fresh.db) == said
