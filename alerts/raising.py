"""Which versions raise an alert, written into the draft that holds the versions themselves.

The id of an alert is made of the rule, the release and the version's first capture, all of which are in the
log: so a load that was killed and is done again, or a rebuild, gives the same ids, and a row that is there is
left as it is.

Some alerts are raised and held at once, with the reason in `held`, so that silence can be explained:

backfill, import   unless the rule asks for history
first run          everything a first run finds on an empty archive is old news
late               a capture that came late and was put into the past of its release
copy of ID         another release with the same text was there before
only contacts …    nothing changed but what the rule ignores
with version N     files that the same run found replaced are told with the version before them
no memory          archive and ledger are both gone: see `alerts.memory`

A translation of a release that was alerted is raised with `thread_id`: it goes where the first alert went,
but only as an addition to it (see `alerts.letters`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import duckdb

from alerts.changes import Change, Key, Row, different, kinds, word
from alerts.matches import Matches
from alerts.memory import Memory, carry_over, undecided
from alerts.outbox import Alert, alert_id, write
from alerts.past import Past
from alerts.recognised import recognised
from alerts.rules import Rule, Rules
from sources.failpoints import failpoint
from warehouse.memory import relieve

REBUILD: Final = "rebuild"
QUIET_RUNS: Final = frozenset({"backfill", "import"})
FIRST_RUN: Final = "first run"
NO_MEMORY: Final = "no memory"


@dataclass(frozen=True, slots=True)
class Enqueued:
    """What one load put into the outbox.

    `raised` will be sent; `held` counts what will not, by reason; `broken` names rules whose condition could
    not be computed for some release, which therefore may miss something; `carried` counts rows of earlier
    loads that were put back.
    """

    raised: tuple[Alert, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)
    broken: Mapping[str, int] = field(default_factory=dict)
    carried: int = 0

    @property
    def not_sent_at_first(self) -> int:
        """How many a first run on an empty archive did not send."""
        return self.held.get(FIRST_RUN, 0)


def enqueue(
    con: duckdb.DuckDBPyConnection,
    rules: Rules,
    changes: Iterable[Change],
    *,
    at: datetime,
    memory: Memory | None = None,
) -> Enqueued:
    """Write the alerts that `changes` raise, in the transaction `con` is in, and say what was written.

    Call it after versions and duplicates of the load are written. Doing it again writes nothing more.
    `memory` is what was decided before (`alerts.memory.remember`); with it the call is right after a rebuild,
    too.
    """
    news = [one for one in changes if one.run_kind != REBUILD]
    carried = 0
    if memory is not None:
        carried = carry_over(con, memory)
        news = undecided(con, news, memory)
    alerts, broken = _decide(con, rules, news, at=at) if news else ([], {})
    if memory is not None and not memory.known:
        alerts = [one if one.held else replace(one, held=NO_MEMORY) for one in alerts]
    if memory is not None and memory.origin is not None:
        told = frozenset(one.release_id for one in news)
        alerts += recognised(con, memory.origin, rules, at=at, but=told)
    write(con, alerts)
    relieve(con, len(news))
    failpoint("alerts.enqueued")
    held = Counter(_reason(one.held) for one in alerts if one.held is not None)
    return Enqueued(tuple(one for one in alerts if one.held is None), dict(held), broken, carried)


def _decide(
    con: duckdb.DuckDBPyConnection, rules: Rules, news: Sequence[Change], *, at: datetime
) -> tuple[list[Alert], dict[str, int]]:
    matches = Matches.of(con, news, (rule.where for rule in rules.rules))
    told = matches.concerned(news)
    past = Past.of(con, told)
    relieve(con, len(news))
    alerts = [
        one for rule in rules.rules for one in _of_rule(past, rule, told, matches.found[rule.where], at=at)
    ]
    broken = {rule.name: failed for rule in rules.rules if (failed := matches.broken[rule.where])}
    return alerts, broken


def _reason(held: str) -> str:
    for kind in ("copy", "with version"):
        if held.startswith(kind):
            return kind
    return held


def _of_rule(
    past: Past, rule: Rule, news: Sequence[Change], matched: frozenset[Key], *, at: datetime
) -> list[Alert]:
    """The rows of one rule; the original before its translation, so that the second finds the first."""
    found: list[Alert] = []
    threads: dict[str, str] = {}
    leads: dict[str, _Lead] = {}
    for change in past.in_order(news):
        if (change.release_id, change.version) not in matched:
            continue
        old, new = past.before(change), past.row(change)
        what = kinds(change.change, new, old)
        if not _wanted(rule, change, what, matched) or past.told(rule.name, change):
            continue
        held = _held(past, rule, change, old, new) or _with(past, change, leads)
        thread = (
            past.thread(rule.name, change, threads) if held is None and change.change == "created" else None
        )
        alert = Alert(
            alert_id=alert_id(rule.name, change.release_id, change.capture_id),
            rule=rule.name,
            release_id=change.release_id,
            capture_id=change.capture_id,
            change=word(what & set(rule.on) or what),
            run_id=past.run_of(change),
            raised_at=at,
            channels=rule.channels,
            delivery=rule.delivery,
            lang=rule.lang,
            thread_id=thread,
            held=held,
        )
        if held is None:
            leads[change.release_id] = _Lead(change.version, change.version, past.run_of(change))
            threads.setdefault(change.release_id, thread or alert.alert_id)
        found.append(alert)
    return found


@dataclass(frozen=True, slots=True)
class _Lead:
    """A version that is told, the last that is told with it, and their run."""

    told: int
    last: int
    run_id: str | None


def _with(past: Past, change: Change, leads: dict[str, _Lead]) -> str | None:
    """Five files replaced with an edit of their page are one message, not six."""
    lead = leads.get(change.release_id)
    if change.change != "attachment" or lead is None:
        return None
    if (change.version - 1, past.run_of(change)) != (lead.last, lead.run_id):
        return None
    leads[change.release_id] = replace(lead, last=change.version)
    return f"with version {lead.told}"


def _wanted(rule: Rule, change: Change, what: frozenset[str], matched: frozenset[Key]) -> bool:
    """Whether the rule is on that change; a release that an edit made match is as good as created for it."""
    if what & set(rule.on):
        return True
    earlier = any(release == change.release_id and version < change.version for release, version in matched)
    return "created" in rule.on and change.change in {"changed", "restored"} and not earlier


def _held(past: Past, rule: Rule, change: Change, old: Row | None, new: Row) -> str | None:
    if change.run_kind in QUIET_RUNS and not rule.history:
        return change.run_kind
    if change.run_kind not in QUIET_RUNS and past.first_run(change):
        return FIRST_RUN
    if past.late(change):
        return "late"
    if (other := past.copy_of(change)) is not None:
        return f"copy of {other}"
    if change.change in {"changed", "attachment"} and old is not None:
        fields = {"attachments"} if change.change == "attachment" else different(old, new)
        if fields and fields <= set(rule.ignore):
            return f"only {', '.join(sorted(fields))} changed"
    return None
