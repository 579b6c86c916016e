"""From a page being visible to the message about it: one run of the schedule, with its pause, on loopback.

    python -m bench.latency [--pause 3]

Plays the demo's two days: the second run starts when a JCM release and a correction have just become visible,
and a web server records when their messages come. The wait for the next look comes on top: docs/alerts.md.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from datetime import time as hour
from pathlib import Path
from typing import Final

from pressroom import DEMO_DAY_ONE, DEMO_LATER_DAY, JST, PressRoom
from tests.alerts.newsroom import Receiver

EVENING: Final = hour(18, 30)
CONFIGURATION: Final = """\
[channels.hook]
kind = "webhook"
url_env = "MOEJ_CHANNEL_HOOK"
secret_env = "MOEJ_CHANNEL_HOOK_SECRET"
"""


def run(folder: Path, room: PressRoom, receiver: Receiver, *, pause: float) -> None:
    """One `moej run`, as the schedule starts it."""
    now = datetime.combine(room.now.date(), EVENING, JST)
    options = ["--data", "data", "--site", room.url, "--pause", str(pause), "--now", now.isoformat()]
    subprocess.run(
        [sys.executable, "-c", "from cli.main import run; run()", *options, "run"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
            "MOEJ_CHANNEL_HOOK": receiver.url,
            "MOEJ_CHANNEL_HOOK_SECRET": "bench",
            "MOEJ_CONTACT": "bench@example.org",
        },
        check=True,
        stdout=subprocess.DEVNULL,
    )


def main() -> None:
    """Print the seconds until each message, and the run's own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two requests")
    pause = parser.parse_args().pause
    with (
        tempfile.TemporaryDirectory(prefix="latency-") as place,
        PressRoom(now=DEMO_DAY_ONE) as room,
        Receiver().listening() as receiver,
    ):
        folder = Path(place)
        (folder / "moej.toml").write_text(CONFIGURATION, encoding="utf-8")
        run(folder, room, receiver, pause=0)
        told, asked = len(receiver.got), len(room.requests)
        room.now = DEMO_LATER_DAY
        visible = time.monotonic()
        run(folder, room, receiver, pause=pause)
        whole = time.monotonic() - visible
        print(f"{len(room.requests) - asked} requests, {pause:g} s apart; the run took {whole:.0f} s")
        print(f"{len(receiver.got) - told} messages, {told} on the first run of an empty archive")


if __name__ == "__main__":
    main()
