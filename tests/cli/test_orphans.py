"""A command that is killed leaves nothing running."""

import os
import select
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.orphans import marked
from tests.cli.test_paging import MOEJ, clean

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def children(pid: int) -> dict[int, str]:
    """The processes that a process started, with what they were called by."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [int(child) for one in listed for child in one.read_text().split()]
    return {child: Path(f"/proc/{child}/cmdline").read_text() for child in pids}


@pytest.mark.timeout(300)
def test_a_killed_run_leaves_no_server(tmp_path: Path) -> None:
    """After `kill -9` of `moej run` at its first request Prefect's temporary server ends, and the guard."""
    with socket.create_server(("127.0.0.1", 0)) as site, ExitStack() as left:
        site.settimeout(180)
        address = f"http://127.0.0.1:{site.getsockname()[1]}"
        command = [*MOEJ, "--data", str(tmp_path / "data"), "--site", address, "run"]
        environment = clean() | {"PREFECT_HOME": str(tmp_path / "prefect")}
        with subprocess.Popen(command, env=environment) as run:
            left.callback(run.kill)
            left.enter_context(site.accept()[0])
            started = children(run.pid)
            ends = [os.pidfd_open(pid) for pid in started]
            for end in ends:
                left.callback(os.close, end)
            run.kill()
        assert ["uvicorn" in one for one in started.values()].count(True) == 1
        assert all(select.select([end], [], [], 60)[0] for end in ends), started


def test_only_what_bears_the_mark_is_meant() -> None:
    """A process with the mark in its environment is found; one with another, or none, is not."""
    started = []
    for environment in ({"A": "1", "M": "mine"}, {"M": "mine2"}, {}):
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environment)
        started.append(process)
    try:
        assert list(marked("M=mine")) == [started[0].pid]
    finally:
        for process in started:
            process.communicate(b"\n")
