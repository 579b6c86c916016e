from datetime import timedelta
from pathlib import Path

import pytest

from tests.warehouse.backends import current, loader, place
from tests.warehouse.world import START, MemoryLog, Run, load_all, page, read, read_listing, text
from warehouse import Loaded, digest, materialise, open_archive, rebuild
from warehouse.state import open_state

pytestmark = pytest.mark.usefixtures("backend")

DAY = timedelta(days=1)


@pytest.fixture
def log() -> MemoryLog:
    """Two releases, one edited, both about the JCM in a text that the first extractor does not understand."""
    made = MemoryLog()
    for day, body in enumerate(["JCMの会合", "JCMの会合を開催した"]):
        one = Run(made, at=START + day * DAY)
        one.get(page(1), text(body=body))
        one.get(page(2), text("第2回", body="別の本文"))
        one.seal()
    return made


def again(folder: Path, log: MemoryLog, *, workers: int = 1) -> Loaded:
    """Rebuild with the readers of these tests."""
    return rebuild(
        loader(folder),
        log,
        read=read,
        read_listing=read_listing,
        extractor_version="1",
        workers=workers,
        clock=lambda: START,
    )


def told(folder: Path) -> str:
    """The digest of the archive in a folder."""
    with open_archive(place(folder)) as archive:
        return digest(archive.db)


def test_a_rebuild_gives_the_same_archive(tmp_path: Path, log: MemoryLog) -> None:
    """With the old archive at hand and without it; nothing of it is news."""
    again(tmp_path, log)
    before = told(tmp_path)
    loaded = again(tmp_path, log)
    assert (loaded.rebuilt, loaded.reextracted, told(tmp_path)) == (True, 0, before)
    assert {change.run_kind for change in loaded.changes} == {"rebuild"}
    current().remove(tmp_path)
    assert {change.run_kind for change in again(tmp_path, log).changes} == {"rebuild"}
    assert told(tmp_path) == before


@pytest.mark.file_only("a lake is not torn by half a write")
def test_a_rebuild_does_not_need_the_old_archive_to_be_whole(tmp_path: Path, log: MemoryLog) -> None:
    """A file that does not open stands in nobody's way."""
    again(tmp_path, log)
    before = told(tmp_path)
    (tmp_path / "archive.duckdb").write_bytes(b"torn" * 5000)
    again(tmp_path, log)
    assert told(tmp_path) == before


def test_many_processes_read_as_one_does(tmp_path: Path, log: MemoryLog) -> None:
    """Reading is spread where there is much; the archive is the same."""
    again(tmp_path, log)
    before = told(tmp_path)
    log.files[:] = [
        type(file)(file.name, file.sequence, file.sha256, 5 << 20, file.entries) for file in log.files
    ]
    done: list[tuple[int, int]] = []
    then: list[str] = []
    with loader(tmp_path).draft(empty=True) as draft:
        materialise(
            draft,
            log,
            read=read,
            read_listing=read_listing,
            extractor_version="1",
            workers=2,
            progress=lambda so_far, whole: done.append((so_far, whole)),
            now=then.append,
        )
    assert done == [(10 << 20, 10 << 20)]
    assert then == ["setting versions in time", "comparing and indexing versions"]
    assert told(tmp_path) == before


def test_another_extractor_makes_the_next_load_a_rebuild(tmp_path: Path, log: MemoryLog) -> None:
    """Only what is new in the log is news; what was read differently is listed, version by version."""
    load_all(tmp_path, log)
    one = Run(log, at=START + 3 * DAY)
    one.get(page(3), text("第3回", body="JCMの新しい会合"))
    one.seal()
    loaded = load_all(tmp_path, log, version="2", better=True)
    assert loaded.rebuilt
    assert [change.release_id for change in loaded.changes if change.run_kind != "rebuild"] == [
        "20260105-press_00003"
    ]
    with open_archive(place(tmp_path)) as archive:
        assert archive.extractor_version() == "2"
        rows = archive.rows("SELECT * EXCLUDE (capture_id) FROM reextractions ORDER BY release_id, version")
    assert [(row["release_id"], row["version"], row["fields"]) for row in rows] == [
        ("20260105-press_00001", 1, ["jcm_role"]),
        ("20260105-press_00001", 2, ["jcm_role"]),
    ]
    assert loaded.reextracted == len(rows) == 2
    assert {(row["at"], row["from_version"], row["to_version"]) for row in rows} == {(START, "1", "2")}


def test_what_was_read_differently_is_remembered(tmp_path: Path, log: MemoryLog) -> None:
    """It is not in the log, so it lives in the state file and is shown after every load and rebuild."""
    load_all(tmp_path, log)
    load_all(tmp_path, log, version="2", better=True)
    current().remove(tmp_path)
    load_all(tmp_path, log, version="2", better=True)
    with open_archive(place(tmp_path)) as archive:
        assert archive.rows("SELECT count(*) AS n FROM reextractions") == [{"n": 2}]


def test_the_same_extractor_loads_only_what_is_new(tmp_path: Path, log: MemoryLog) -> None:
    """No rebuild where none is due."""
    load_all(tmp_path, log)
    one = Run(log, at=START + 3 * DAY)
    one.get(page(3), text("第3回"))
    one.seal()
    loaded = load_all(tmp_path, log)
    assert (loaded.rebuilt, loaded.files) == (False, (log.files[-1].name,))


def test_alerts_outlive_a_rebuild(tmp_path: Path, log: MemoryLog) -> None:
    """What was announced is not in the log: a rebuild takes the outbox over, each row once."""
    load_all(tmp_path, log)
    with loader(tmp_path).draft() as draft:
        draft.db.execute(
            "INSERT INTO alerts (alert_id, rule, capture_id) VALUES ('a1', 'jcm', 'c-0001-0000')"
        )
    for _ in range(2):
        again(tmp_path, log)
    with open_archive(place(tmp_path)) as archive:
        assert archive.rows("SELECT alert_id, rule FROM alerts") == [{"alert_id": "a1", "rule": "jcm"}]
        assert archive.rows("SELECT alerts FROM ledger WHERE capture_id = 'c-0001-0000'") == [{"alerts": 1}]


def test_deliveries_of_the_state_file_are_shown_in_the_archive(tmp_path: Path, log: MemoryLog) -> None:
    """As of the last load, with aware times."""
    with open_state(tmp_path / "state.sqlite") as state:
        state.execute(
            "INSERT INTO deliveries (alert_id, channel, attempt, attempted_at, outcome) "
            "VALUES (?, ?, ?, ?, ?)",
            ("a1", "mail", 1, "2026-01-05T09:00:00+00:00", "delivered"),
        )
    load_all(tmp_path, log)
    with open_archive(place(tmp_path)) as archive:
        assert archive.rows("SELECT alert_id, attempted_at, next_try_at FROM deliveries") == [
            {"alert_id": "a1", "attempted_at": START, "next_try_at": None}
        ]
