"""`python -m pressroom`: the press room by hand, until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading
from datetime import datetime

from pressroom.generate import generate
from pressroom.room import PressRoom


def main(arguments: list[str]) -> int:
    """Prints the address on one line and serves until told to end."""
    options = _options(arguments)
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    releases = generate(options.generate, options.seed) if options.generate else None
    with PressRoom(releases, now=options.now, port=options.port, weight=options.weight) as room:
        sys.stdout.write(f"{room.url}\n")
        sys.stdout.flush()
        end.wait()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pressroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--now", type=_moment, help="the room's clock: 2026-01-15 (its end) or 2026-01-15T12:00"
    )
    parser.add_argument(
        "--generate", type=int, default=0, metavar="N", help="N generated releases, not the packaged"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the generated releases")
    parser.add_argument("--weight", type=int, default=0, help="bytes of menu added to every page")
    return parser.parse_args(arguments)


def _moment(text: str) -> datetime:
    # A bare day means its end, as for the room's own clock.
    return datetime.fromisoformat(text if "T" in text else f"{text}T23:59:59")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
