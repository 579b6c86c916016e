"""One trial of the kill test.

Load and deliver in a process of its own, kill it at one step, let the next one go on.
"""

import os
import shutil
import signal
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from alerts import Means, Rules, deliver, write_feeds
from tests.alerts.newsroom import DAY, HOUR, START, Newsroom, Receiver, page, rules_for
from tests.forks import CONTEXT

# Steps from the load to the last write of the delivery, in the order a process passes them.
STEPS: Final = (
    "warehouse.copied", "warehouse.opened", "alerts.enqueued", "warehouse.committed",
    "warehouse.checkpointed", "warehouse.checked", "warehouse.synced", "warehouse.renamed",
    "alerts.feed_written", "alerts.mirrored",
    "alerts.composed", "alerts.noted", "alerts.held", "alerts.claimed", "alerts.sending", "alerts.sent",
    "alerts.recorded", "alerts.given_back",
)  # fmt: skip
TWICE: Final = frozenset(
    {"alerts.held", "alerts.claimed", "alerts.sending", "alerts.sent", "alerts.recorded"}
)
"""Steps a process passes once for each message."""
MESSAGES: Final = 3
NEWS: Final = tuple(range(2, 2 + MESSAGES))


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one trial.

    Whether the kill struck, and for each release the keys of the messages about it.
    """

    point: str
    killed: bool
    messages: dict[str, list[str]]

    @property
    def lost(self) -> list[str]:
        """Releases nobody heard of."""
        return [release for release, keys in self.messages.items() if not keys]

    @property
    def doubled(self) -> list[str]:
        """Releases told under more than one key: a receiver could not tell that it is the same."""
        return [release for release, keys in self.messages.items() if len(set(keys)) > 1]

    @property
    def repeated(self) -> int:
        """Messages that came again under their key."""
        return sum(len(keys) - 1 for keys in self.messages.values() if keys)


def newsroom(folder: Path, rules: Rules) -> Newsroom:
    """An archive with a past, and room for news."""
    room = Newsroom(folder, rules)
    room.run(page(1))
    return room


def past(folder: Path) -> Path:
    """The archive that every trial starts from, made once."""
    room = newsroom(folder, rules_for())
    room.load()
    return room.archive


def points() -> list[str]:
    """Every place a process can be killed at.

    Each step, and those of each message for the first and the last.
    """
    return [f"{step}:{count}" for step in STEPS for count in ((1, MESSAGES) if step in TWICE else (1,))]


def trial(folder: Path, archive: Path, receiver: Receiver, point: str) -> Trial:
    """Kill one process at `point`, let another finish, and see what the receiver got."""
    receiver.got.clear()
    shutil.copy(archive, folder / "archive.duckdb")
    rules = rules_for()
    messages: dict[str, list[str]] = {page(number).release_id: [] for number in NEWS}
    first = _process(folder, rules, receiver.url, point)
    _process(folder, rules, receiver.url, None)
    for headers, body in receiver.got:
        for release, keys in messages.items():
            if release.encode() in body:
                keys.append(headers["idempotency-key"])
    return Trial(point, first == -signal.SIGKILL, messages)


def _process(folder: Path, rules: Rules, url: str, point: str | None) -> int | None:
    """Run `_work` in a fresh process; its exit code."""
    process = CONTEXT.Process(target=_work, args=(folder, rules, url, point))
    process.start()
    process.join(60)
    code = process.exitcode
    process.close()
    return code


def _work(folder: Path, rules: Rules, url: str, point: str | None) -> None:
    """What a scheduled run does once its pages are fetched: load, feeds, deliver."""
    os.environ.pop("MOEJ_FAILPOINT", None)
    if point is not None:
        os.environ["MOEJ_FAILPOINT"] = point
    room = newsroom(folder, rules)
    room.run(*map(page, NEWS))
    room.load()
    write_feeds(room.archive, folder / "feeds")
    environ = {"MOEJ_CHANNEL_HOOK": url, "MOEJ_CHANNEL_HOOK_KEY": "k"}
    deliver(room.archive, room.state, room.rules, clock=_clock, means=Means(environ=environ))


def _clock() -> datetime:
    return START + DAY + 2 * HOUR
