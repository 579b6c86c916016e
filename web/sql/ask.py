"""Runs one query in a worker and ends it in time."""

import json
import math
import subprocess
import sys
from typing import Any, Final

from extractors.errors import Usage
from web.bounded import TooLong
from web.room import Limits

GRACE: Final = 1.0


def ask(path: str, query: str, limits: Limits) -> dict[str, Any]:
    """Columns, rows, and whether they were cut; `Usage` for what is not answered, `TooLong` at a limit."""
    task = {
        "path": path,
        "query": query,
        "seconds": math.ceil(limits.sql_seconds),
        "megabytes": limits.sql_megabytes,
        "rows": limits.sql_rows,
        "bytes": limits.sql_answer_bytes,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "web.sql.worker"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=limits.sql_seconds + GRACE,
            check=False,
            env={
                "PYTHONPATH": ":".join(one for one in sys.path if one),
                "PATH": "/usr/bin:/bin",
                "LANG": "C.UTF-8",
            },
        )
    except subprocess.TimeoutExpired:
        raise TooLong(f"the query took longer than {limits.sql_seconds:g} s and was stopped") from None
    if done.returncode or not done.stdout:
        # Killed by the system at one of its limits: there is no answer and no message.
        raise TooLong("the query needed more time or memory than it may have and was stopped")
    found: dict[str, Any] = json.loads(done.stdout)
    if "error" in found:
        raise Usage(found["error"])
    return found
