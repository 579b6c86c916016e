"""From the outbox to the readers: at least once on the wire, once by the key in every message.

mirror    the outbox of the published archive into the ledger        nothing is sent before
compose   alerts into letters, each alert once per channel           what it carries is fixed once claimed
per channel, all at once:
  claim   the channel, and its first letter that waits
  send    within a time limit
  record  what came of it, when to try again

A channel is one line of people at a counter: a letter that fails holds back those behind it, so that readers
get news in order; after the last try it is set aside as `dead` and the next comes up. Channels do not wait
for one another.

Killed between sending and recording, the same letter goes out again with the same key (Message-ID,
`Idempotency-Key`, and in the text), and the receiver can tell.
"""

import os
import random as chance
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from alerts import ledger
from alerts.channels import Channel, NotSetUp, Transports, build
from alerts.counter import Counter, Tally
from alerts.duty import elsewhere
from alerts.heartbeat import heartbeat
from alerts.leases import holder
from alerts.letters import compose
from alerts.mirror import mirror
from alerts.operator import Concern, concerns_of, tell
from alerts.rules import ChannelSpec, Rules
from extractors.errors import Stop
from sources.failpoints import failpoint
from sources.locks import utc_now
from warehouse import open_archive
from warehouse.stores.draft import Place

BUDGET = 300.0
"""Seconds after which a call of `deliver` begins no more messages; the next call goes on."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one call did, by channel. `problems` are one line each, without secrets."""

    channels: Mapping[str, Tally] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def sent(self) -> int:
        """Messages that were accepted."""
        return sum(one.sent for one in self.channels.values())

    @property
    def failed(self) -> int:
        """Attempts that failed."""
        return sum(one.failed for one in self.channels.values())

    @property
    def dead(self) -> int:
        """Letters given up in this call."""
        return sum(one.dead for one in self.channels.values())


@dataclass(frozen=True, slots=True)
class Means:
    """What delivery takes from the world: environment, transports, chance, an id, seconds."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    transports: Transports = field(default_factory=Transports)
    random: Callable[[], float] = chance.random
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex
    budget: float = BUDGET


def deliver(  # noqa: PLR0913 - the seam to the flows: everything that varies comes in by name
    archive: Place,
    state: Path,
    rules: Rules,
    *,
    clock: Callable[[], datetime] = utc_now,
    means: Means | None = None,
    concerns: Sequence[Concern] = (),
) -> Delivered:
    """Send what waits, as far as it is due, and say what came of it; safe at any time, also twice at once.

    Of a lake one machine delivers; the others get a problem that names it. `concerns` are what the operator
    should hear besides what the archive and the ledger show. `Stop` if there is no archive to read the outbox
    from.
    """
    means = means or Means()
    with opened_archive(archive) as source:
        if rules.channels and (reason := elsewhere(archive, state, now=clock(), new_id=means.new_id)):
            return Delivered(problems=(reason,))
        with ledger.opened(state) as con:
            mirror(source, con)
            failpoint("alerts.mirrored")
            compose(con, rules, clock())
            failpoint("alerts.composed")
            _notes(source, con, rules, clock(), [*concerns, *_unready(rules, means)])
            failpoint("alerts.noted")
        return _all_channels(source, state, rules, clock=clock, means=means)


def _notes(
    source: duckdb.DuckDBPyConnection,
    state: sqlite3.Connection,
    rules: Rules,
    now: datetime,
    more: Sequence[Concern],
) -> None:
    """What the program itself has to say: that it is alive, and what a person should look at."""
    heartbeat(source, state, rules, now)
    tell(state, rules, [*concerns_of(source, state, now), *more], now)


def _unready(rules: Rules, means: Means) -> list[Concern]:
    """Channels that cannot send for want of something in the environment."""
    found = []
    for spec in rules.channels:
        try:
            _built(spec, rules, means)
        except NotSetUp as error:
            found.append(Concern(f"channel {spec.name}", 1, str(error)))
    return found


@contextmanager
def opened_archive(place: Place) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published archive, to be read; a load that replaces it meanwhile does not disturb us."""
    if not place.exists():
        raise Stop(f"no archive at {place}: run `moej run` first, or give --data")
    with open_archive(place) as reader:
        yield reader.db


def _all_channels(
    source: duckdb.DuckDBPyConnection,
    state: Path,
    rules: Rules,
    *,
    clock: Callable[[], datetime],
    means: Means,
) -> Delivered:
    """One thread a channel; a channel that hangs costs its own letters time and nobody else's."""
    tallies: dict[str, Tally] = {}
    problems: list[str] = []
    threads = []
    me = holder(means.new_id())
    for spec in rules.channels:
        try:
            channel = _built(spec, rules, means)
        except NotSetUp as error:
            problems.append(str(error))
            continue
        counter = Counter(
            channel=channel,
            spec=spec,
            options=rules.options,
            archive=_cursor(source),
            state=state,
            me=me,
            clock=clock,
            random=means.random,
            budget=means.budget,
        )
        threads.append(threading.Thread(target=_serve, args=(counter, tallies, problems), daemon=True))
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return Delivered(tallies, tuple(problems))


def _cursor(source: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same snapshot of the archive for another thread.

    What `attach` set holds for one connection only.
    """
    cursor = source.cursor()
    cursor.execute("USE archive")
    cursor.execute("SET TimeZone = 'UTC'")
    return cursor


def _built(spec: ChannelSpec, rules: Rules, means: Means) -> Channel:
    return build(spec, means.environ, means.transports, seconds=rules.options.send_within)


def _serve(counter: Counter, tallies: dict[str, Tally], problems: list[str]) -> None:
    """A channel's whole turn; what goes wrong there is said and stays there."""
    try:
        tallies[counter.spec.name] = counter.serve()
    except Exception as error:  # noqa: BLE001 - one channel's trouble, whatever it is, must not end the others
        problems.append(
            f"channel {counter.spec.name!r}: {type(error).__name__}; its letters wait for the next call"
        )
