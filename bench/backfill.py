"""A backfill over loopback, stopped and resumed three times: each page fetched once, and how fast.

    python -m bench.backfill --pages 3000

The releases are those of `pressroom.generate`, put into five years of months. Ends with 1 if any address was
asked for twice or any release is missing.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from flows.backfill import backfill
from flows.owed import Span
from flows.settings import Settings
from pressroom import JST, PressRoom, Record, generate
from warehouse import open_archive

LAST: Final = datetime(2026, 6, 30, 12, 0, tzinfo=JST)
NOW: Final = datetime(2026, 7, 2, 18, 30, tzinfo=JST)
DAYS: Final = 5 * 365
SPAN: Final = Span((2021, 7), (2026, 6))
STOPS: Final = 3


def releases(count: int) -> list[Record]:
    """`count` releases over five years, without files."""
    step = timedelta(days=DAYS) / count
    made = enumerate(generate(count))
    return [
        replace(record, published_at=LAST - step * (count - 1 - number), attachments=())
        for number, record in made
    ]


def after(count: int) -> Callable[[], bool]:
    """A wish to stop after so many looks."""
    looks = iter(range(count))
    return lambda: next(looks, None) is None


def main() -> int:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=3_000)
    count = parser.parse_args().pages
    with (
        PressRoom(releases(count), now=NOW) as room,
        tempfile.TemporaryDirectory(prefix="backfill-") as place,
    ):
        settings = Settings(
            data=Path(place), site=room.url, pause=0, now=NOW, workers=1, request_budget=10**6
        )
        for call in range(STOPS + 1):
            begun = time.perf_counter()
            stop = after(count // (STOPS + 1)) if call < STOPS else lambda: False
            done = backfill(settings, SPAN, stop=stop)
            seconds = time.perf_counter() - begun
            print(
                f"call {call + 1}: {done.answers:>5} answers, {seconds:>6.1f} s, "
                f"{done.answers / seconds:>5.0f} a second, stopped: {done.was_stopped}, "
                f"{len(done.owed.units)} months owed"
            )
        asked = Counter(seen.path for seen in room.requests)
        with open_archive(settings.archive) as archive:
            found = int(archive.rows("SELECT count(*) AS n FROM releases")[0]["n"])
    twice = sum(times > 1 for times in asked.values())
    print(f"{sum(asked.values())} requests for {len(asked)} addresses, {twice} of them asked twice")
    print(f"{found} of {count} releases in the archive")
    return 1 if twice or found != count else 0


if __name__ == "__main__":
    sys.exit(main())
