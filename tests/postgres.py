"""A PostgreSQL of our own for the lake: on loopback and in a temporary folder, started once a session."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

REQUIRED = "MOEJ_REQUIRE_POSTGRES"
HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def programs() -> Path | None:
    """Where the server's programs lie: Debian keeps them off the path."""
    found = shutil.which("initdb")
    return Path(found).parent if found else next((one for one in HOMES if (one / "initdb").exists()), None)


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; as root we run it as nobody."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server with the empty database `moej`; how it is reached. Skips where there is none, unless required."""
    home = programs()
    if home is None:
        if os.environ.get(REQUIRED) == "1":
            raise AssertionError("PostgreSQL is required and not installed")
        pytest.skip("PostgreSQL is not installed")
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data, port = folder / "d", free_port()
    made = [home / "initdb", "-D", data, "-U", "moej", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run([*unprivileged(), *made], check=True, capture_output=True, cwd=folder)
    with (data / "postgresql.conf").open("a") as settings:
        lines = (*QUICK, "listen_addresses='127.0.0.1'", f"port={port}", f"unix_socket_directories='{folder}'")
        settings.write("\n".join(lines) + "\n")
    control = [*unprivileged(), home / "pg_ctl", "-D", data, "-w"]
    # The server must not hold the pipes of whoever started it.
    subprocess.run([*control, "-l", folder / "log", "start"], check=True, stdout=subprocess.DEVNULL, cwd=folder)
    try:
        yield f"host=127.0.0.1 port={port} user=moej dbname=postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
