"""Places where a test may kill this process, to prove that the next run heals what the kill left.

`MOEJ_FAILPOINT=name:count` kills the process, as `kill -9` would, when it passes `name` for the count-th
time. Without the variable a failpoint costs one look-up.
"""

import os
import signal

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if the environment says so."""
    wanted = os.environ.get("MOEJ_FAILPOINT")
    if not wanted:
        return
    point, _, count = wanted.partition(":")
    if point != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
