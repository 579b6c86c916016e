"""kill -9 between every two steps from the load to the last delivery write, over and over.

python bench/alerts_kill.py --runs 200

Each run loads three new announcements and delivers them to a web server that records what it gets; it is
killed at one step, and a second process goes on. Prints what was lost, doubled and repeated, and how often
each step was struck.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.alerts.killing import MESSAGES, past, points, trial
from tests.alerts.newsroom import Receiver


def main() -> int:
    """Run the trials; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=200, help="processes to kill")
    runs = parser.parse_args().runs
    began = time.monotonic()
    struck: Counter[str] = Counter()
    lost = doubled = repeated = 0
    with tempfile.TemporaryDirectory(prefix="alerts-") as folder, Receiver().listening() as receiver:
        (Path(folder) / "past").mkdir()
        archive = past(Path(folder) / "past")
        for number, point in enumerate(islice(cycle(points()), runs)):
            place = Path(folder) / str(number)
            place.mkdir()
            found = trial(place, archive, receiver, point)
            struck[point] += found.killed
            lost += len(found.lost)
            doubled += len(found.doubled)
            repeated += found.repeated
    for point, times in struck.items():
        print(f"{point:<28} killed {times} times")
    print(
        f"{runs} runs, {sum(struck.values())} killed, {runs * MESSAGES} announcements: {lost} lost, "
        f"{doubled} doubled, {repeated} repeated under their own key; {time.monotonic() - began:.0f} s"
    )
    return 1 if lost or doubled else 0


if __name__ == "__main__":
    sys.exit(main())
