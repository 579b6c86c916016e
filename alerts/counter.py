"""The counter of one channel: its letters in order, one at a time, each attempt recorded."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

from alerts import leases, ledger
from alerts.backoff import next_try
from alerts.bounded import OutOfTimeError, within
from alerts.channels import Answer, Channel, Message
from alerts.letters import Letter, read_letter
from alerts.messages import build_message
from alerts.rules import ChannelSpec, Options
from sources.failpoints import failpoint
from warehouse.state import instant

_GRACE: Final = 60.0
"""Seconds that a claim outlasts the time limit of the message it is for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a channel's letters; `busy` if another deliverer had the channel."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    waiting: int = 0
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """One channel and all that serving it takes."""

    channel: Channel
    spec: ChannelSpec
    options: Options
    archive: duckdb.DuckDBPyConnection
    state: Path
    me: str
    clock: Callable[[], datetime]
    random: Callable[[], float]
    budget: float

    def serve(self) -> Tally:
        """Send until nothing is due, something fails, or time is up."""
        sent = failed = dead = 0
        until = time.monotonic() + self.budget
        with ledger.opened(self.state) as state:
            while time.monotonic() < until and (letter := self._claim(state)) is not None:
                answer = self._send(letter)
                failpoint("alerts.sent")
                given_up = self._record(state, letter, answer)
                failpoint("alerts.recorded")
                sent, failed, dead = sent + answer.delivered, failed + (not answer.delivered), dead + given_up
                if not answer.delivered and not given_up:
                    break
            busy = not self._hold(state)
            leases.give_back(state, self.spec.name, self.me)
            failpoint("alerts.given_back")
            return Tally(sent, failed, dead, self._waiting(state), busy)

    def _hold(self, state: sqlite3.Connection) -> bool:
        seconds = self.options.send_within + _GRACE
        return leases.take(state, self.spec.name, self.me, now=self.clock(), seconds=seconds)

    def _waiting(self, state: sqlite3.Connection) -> int:
        row = state.execute(
            "SELECT count(*) FROM letters WHERE channel = ? AND outcome = 'waiting'", [self.spec.name]
        ).fetchone()
        return int(row[0])

    def _claim(self, state: sqlite3.Connection) -> Letter | None:
        """The channel for a while, and the letter at the head of the line if it is due.

        From now on it stays as it is.
        """
        if not self._hold(state):
            return None
        failpoint("alerts.held")
        with ledger.writing(state):
            row = state.execute(
                "SELECT * FROM letters WHERE channel = ? AND outcome = 'waiting' ORDER BY seq LIMIT 1",
                [self.spec.name],
            ).fetchone()
            if row is None or (
                row["next_try_at"] is not None and ledger.moment(row["next_try_at"]) > self.clock()
            ):
                return None
            state.execute(
                "UPDATE letters SET claimed_at = coalesce(claimed_at, ?) WHERE seq = ?",
                [instant(self.clock()), row["seq"]],
            )
            letter = read_letter(state, row)
        failpoint("alerts.claimed")
        return letter

    def _send(self, letter: Letter) -> Answer:
        try:
            message = build_message(self.archive, letter, self.clock())
        except Exception as error:  # noqa: BLE001 - a letter that cannot be written must not hold up the line for ever
            return Answer(delivered=False, detail=f"the message could not be made: {type(error).__name__}")
        failpoint("alerts.sending")
        return attempt(self.channel, message, seconds=self.options.send_within)

    def _record(self, state: sqlite3.Connection, letter: Letter, answer: Answer) -> bool:
        """Write what came of the attempt; whether the letter is given up."""
        now, attempts = self.clock(), letter.attempts + 1
        given_up = not answer.delivered and attempts >= self.options.tries
        outcome = "delivered" if answer.delivered else "dead" if given_up else "failed"
        again = None
        if outcome == "failed":
            again = instant(next_try(now, attempts, random=self.random, retry_after=answer.retry_after))
        with ledger.writing(state):
            state.execute(
                "UPDATE letters SET attempts = ?, next_try_at = ?, outcome = ? WHERE letter_id = ?",
                [attempts, again, "waiting" if outcome == "failed" else outcome, letter.letter_id],
            )
            about = [alert.alert_id for alert, _, _ in letter.alerts] or [letter.letter_id]
            state.executemany(
                "INSERT OR REPLACE INTO deliveries SELECT ?, ?, coalesce(max(attempt), 0) + 1, ?, ?, ?, ?, ? "
                "FROM deliveries WHERE alert_id = ? AND channel = ?",
                [
                    (
                        one, letter.channel, instant(now), outcome, answer.detail, letter.letter_id, again,
                        one, letter.channel,
                    )
                    for one in about
                ],
            )  # fmt: skip
        return given_up


def attempt(channel: Channel, message: Message, *, seconds: float) -> Answer:
    """One attempt, over in time whatever the other side does."""
    try:
        return within(seconds, lambda: channel.send(message))
    except OutOfTimeError as error:
        return Answer(delivered=False, detail=str(error))
    except Exception as error:  # noqa: BLE001 - a channel that breaks has failed; its letter is tried again
        return Answer(delivered=False, detail=f"the channel broke: {type(error).__name__}")
