import sqlite3
from pathlib import Path

import pytest

from extractors.errors import Stop
from tests.warehouse.world import START
from warehouse.state import Reextraction, add_reextractions, instant, open_state


def _break(state: sqlite3.Connection) -> None:
    """Write, then fail."""
    state.execute("INSERT INTO notes VALUES ('budget', '3', '2026-01-05')")
    raise RuntimeError("killed")


def test_a_block_that_fails_writes_nothing(tmp_path: Path) -> None:
    """What the block wrote is committed at its end, or not at all."""
    path = tmp_path / "state.sqlite"
    with pytest.raises(RuntimeError), open_state(path) as state:
        _break(state)
    with open_state(path) as state:
        assert state.execute("SELECT count(*) FROM notes").fetchone()[0] == 0


def test_the_same_reextraction_twice_is_one_row(tmp_path: Path) -> None:
    """A rebuild that was killed after noting and is done again notes the same."""
    row = Reextraction(START, "1", "2", "20260105-press_00001", 1, "c-1", ("jcm_role",))
    for _ in range(2):
        with open_state(tmp_path / "state.sqlite") as state:
            add_reextractions(state, [row])
    with open_state(tmp_path / "state.sqlite") as state:
        assert [tuple(one) for one in state.execute("SELECT at, fields FROM reextractions")] == [
            ("2026-01-05T09:00:00.000000+00:00", '["jcm_role"]')
        ]


def test_times_are_kept_in_utc_so_that_text_sorts_as_time() -> None:
    """One form, to the microsecond."""
    assert instant(START) == "2026-01-05T09:00:00.000000+00:00"


def test_a_newer_state_file_is_refused(tmp_path: Path) -> None:
    """What a later program wrote is not touched."""
    path = tmp_path / "state.sqlite"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(Stop, match="newer moej"), open_state(path):
        pytest.fail("a newer state file was opened")
