"""A PostgreSQL of our own for the lake: on loopback, in a temporary folder, started once a session."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.ports import free_port
from warehouse import Lake

REQUIRED = "MOEJ_REQUIRE_POSTGRES"
HOMES = Path("/usr/lib/postgresql")
# What a test writes need not outlive the machine.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_connections = 60")
# How the product opens a lake.
CHECKED = Lake.open
IS_REQUIRED = os.environ.get(REQUIRED) == "1"


def programs() -> Path | None:
    """Where the server's programs lie: Debian keeps them off the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    homes = sorted(HOMES.glob("*/bin/initdb"), key=lambda one: int(one.parent.parent.name))
    return homes[-1].parent if homes else None


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; as root we run it as nobody."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


@contextmanager
def unchecked_extensions() -> Iterator[None]:
    """Lakes of this process open without the signatures of DuckDB's extensions being checked.

    That takes 0.2 s of computing for each connection, and tests open hundreds; one test has them checked.
    """

    def unchecked(self: Lake, *what: Any, config: Mapping[str, Any] | None = None) -> Any:
        return CHECKED(self, *what, config={**(config or {}), "allow_unsigned_extensions": True})

    with patch.object(Lake, "open", unchecked):
        yield


@contextmanager
def server() -> Iterator[str]:
    """How a server that has just been started is reached; skips where none is installed, unless required."""
    home = programs()
    if home is None:
        if IS_REQUIRED:
            pytest.fail(f"{REQUIRED}=1, and PostgreSQL is not installed")
        pytest.skip("PostgreSQL is not installed")
    # Not pytest's folder: nobody may enter that.
    folder = Path(tempfile.mkdtemp(prefix="moej-pg-"))
    try:
        yield from _running(home, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(home: Path, folder: Path) -> Iterator[str]:
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data, port = folder / "data", free_port()
    _do(folder, home / "initdb", "-D", data, "-U", "moej", "-A", "trust", "--no-sync", "-E", "UTF8")
    own = ("listen_addresses = '127.0.0.1'", f"port = {port}", f"unix_socket_directories = '{folder}'")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write("\n".join((*QUICK, *own, "")))
    control = (home / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    _do(folder, *control, "start")
    try:
        yield f"host=127.0.0.1 port={port} user=moej dbname=postgres"
    finally:
        _do(folder, *control, "-m", "immediate", "stop")


def _do(folder: Path, *command: str | Path) -> None:
    """Run a program of the server's; it must not hold our pipes, for the server would keep them open."""
    words: Sequence[str] = [*unprivileged(), *map(str, command)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
