"""What the machine refuses is one line with exit 1; what is our own mistake keeps its traceback."""

import errno
import os
import signal
import sqlite3
import threading
from pathlib import Path

import duckdb
import pytest

from cli.failures import in_words, is_ctrl_c
from cli.run import ending_by_sigterm
from tests.cli.conftest import moej


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["export", "{file}"], "{file}"),
        (["chart", "jcm", "--out", "{file}/chart.json"], "{file}/chart.json"),
        (["import", "{file}", "--url", "https://www.env.go.jp/press/1.html", "--data", "{file}"], "{file}"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_line(
    data: Path, tmp_path: Path, arguments: list[str], where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where a folder must be: its name and what to do, and exit 1."""
    file = tmp_path / "taken.txt"
    file.write_text("in the way", encoding="utf-8")
    capsys.readouterr()
    assert moej("--data", str(data), *(word.format(file=file) for word in arguments)) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("moej: " + where.format(file=file))
    assert said.endswith("name a place that is there and can be written to")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "d/x"), "d/x: No space left on device; free some"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "d/x"), "d/x: Read-only file system; give this user"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES), "a", None, "b"), "b: Permission denied; give this"),
        (OSError("no number"), "no number; look at the disk"),
        (sqlite3.OperationalError("database or disk is full"), "state.sqlite in the folder of --data: data"),
        (sqlite3.DatabaseError("file is not a database"), "state.sqlite in the folder of --data: file is"),
        (duckdb.OutOfMemoryException("4 GiB"), "the archive: 4 GiB; look at"),
    ],
)
def test_a_failure_of_the_machine_is_said_with_place_and_remedy(error: Exception, said: str) -> None:
    """Each kind has what, where and what to do."""
    assert str(in_words(error)).startswith(said)


def test_ctrl_c_while_a_query_runs_is_no_mistake() -> None:
    """DuckDB raises an error of its own for it, and the command then leaves as for any Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        with duckdb.connect() as db, pytest.raises(RuntimeError) as raised:
            db.execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
    assert is_ctrl_c(raised.value)
    assert not is_ctrl_c(RuntimeError("x"))


def test_sigterm_ends_a_run_as_an_error_does() -> None:
    """Files are sealed and Prefect's temporary server is stopped on the way out, with the code of a shell."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left, ending_by_sigterm():
        os.kill(os.getpid(), signal.SIGTERM)
    assert left.value.code == 143
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("error", [ValueError("x"), sqlite3.IntegrityError("x"), duckdb.BinderException("x")])
def test_a_mistake_of_ours_is_not_dressed_up(error: Exception) -> None:
    """What no disk and no right explains is left as it is."""
    assert in_words(error) is None
