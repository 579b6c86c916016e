"""When a failed message is tried again; pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

FIRST: Final = 60.0
LONGEST: Final = 6 * 3600.0


def next_try(
    now: datetime, attempts: int, *, random: Callable[[], float], retry_after: float | None = None
) -> datetime:
    """One minute after the first failure, twice as long after each more, at most six hours.

    Spread by a quarter, and never earlier than the other side asked for. With 20 tries that makes three days
    before a letter is given up.
    """
    pause = min(FIRST * 2 ** (attempts - 1), LONGEST) * (0.75 + 0.5 * random())
    return now + timedelta(seconds=max(pause, retry_after or 0.0))
