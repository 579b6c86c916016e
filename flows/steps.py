"""The steps of every job, as plain functions: no Prefect here, and no knowledge of pages or tables.

    mend ─→ load what a killed run left ─→ collect (plan, fetch) ─→ load ─→ deliver

The flows wrap these as tasks; commands that need no Prefect (`import`, `rebuild`, `backfill`, `recheck`,
`schedule`) call them directly.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import extractors
import warehouse
from alerts import Concern, Delivered, Rules, deliver, enqueue, load_rules, remember, write_feeds
from extractors.errors import Stop
from flows.settings import Settings
from flows.telling import listener
from sources import Log
from warehouse import Draft, Loaded, Store, attachments, slices
from warehouse.crew import call_up
from warehouse.drift import Drifted, drifts
from warehouse.follow import FOLLOWERS, Follow
from warehouse.load import Progress, Say, silent
from warehouse.slices import Slab, Slice, Workers

NAMED: Final = 3
"""How many falls an error names: it is one line."""


def new_id() -> str:
    """A fresh identifier for a run or a record."""
    return str(uuid4())


def log_of(settings: Settings) -> Log:
    """The raw archive these settings name."""
    return Log(settings.log, url=settings.raw_url, clock=settings.clock)


def archive_of(settings: Settings, say: Say = silent) -> Store:
    """The archive these settings name, to be written."""
    return warehouse.store(settings.archive, settings.state, lock_wait=settings.lock_wait, on_wait=say)


def rules_of(settings: Settings) -> Rules:
    """The alert rules these settings hold; `Usage` if one of them is wrong."""
    return load_rules(settings.rules, settings.channels, settings.alerts)


def followers(settings: Settings) -> tuple[Follow, ...]:
    """What is brought up to date with the versions; files first, for search takes in their text."""
    return (attachments.follower(log_of(settings)), *FOLLOWERS)


def mend(settings: Settings) -> tuple[str, ...]:
    """Seal what killed runs left in the log; the files sealed now."""
    return log_of(settings).recover()


class Load(Protocol):
    """`load`, or what does more than that with what was loaded."""

    def __call__(self, settings: Settings, *, say: Say) -> Loaded:
        """Bring the archive up to date with the log."""


def is_current(settings: Settings) -> bool:
    """Whether the archive holds all of the log, read by this extractor: then a load would change nothing."""
    sealed = {file.name for file in log_of(settings).sealed()}
    if not settings.archive.exists():
        return not sealed
    with warehouse.open_archive(settings.archive) as archive:
        same = archive.extractor_version() == extractors.EXTRACTOR_VERSION
        return same and sealed <= archive.loaded_files()


def load(settings: Settings, *, progress: Progress | None = None, say: Say = silent) -> Loaded:
    """Bring the archive up to date with the log: versions, ledger and alerts become visible together.

    `Stop` if the pages of the new runs no longer fill the fields they used to; the archive is then as it was.
    """
    if is_current(settings):
        return Loaded()
    rules = rules_of(settings)
    with archive_of(settings, say).draft() as draft:
        loaded = materialise(draft, settings, progress)
        refuse_drift(draft, loaded, settings)
        raise_alerts(draft, rules, loaded, settings)
    return loaded


def rebuild(
    settings: Settings,
    *,
    progress: Progress | None = None,
    now: Say = silent,
    say: Say = silent,
    workers: Workers | None = None,
) -> Loaded:
    """Read the whole log again and put the result in place of the archive, if there is one.

    `progress` counts what is read, `now` is told what is done with it then. With `workers` elsewhere the
    archive is the same.
    """
    if workers is None and settings.workers > 1:
        call_up()
    mend(settings)
    rules = rules_of(settings)
    with archive_of(settings, say).draft(empty=True) as draft:
        loaded = materialise(draft, settings, progress, now=now, workers=workers)
        now("replacing the archive")
        raise_alerts(draft, rules, loaded, settings)
    return replace(loaded, rebuilt=True)


def materialise(
    draft: Draft,
    settings: Settings,
    progress: Progress | None,
    *,
    now: Say = silent,
    workers: Workers | None = None,
) -> Loaded:
    """Load into the draft what the log holds and it does not know."""
    return warehouse.materialise(
        draft,
        log_of(settings),
        workers=settings.workers,
        progress=progress,
        now=now,
        clock=settings.clock,
        follow=followers(settings),
        elsewhere=workers,
    )


def read_slice(root: Path, url: str | None, part: Slice, extractor_version: str) -> Slab:
    """Read a slice of the raw archive, on whatever machine; `Stop` if that has another extractor."""
    if extractor_version != extractors.EXTRACTOR_VERSION:
        raise Stop(
            f"a worker has extractor {extractors.EXTRACTOR_VERSION}, the rebuild needs {extractor_version}: "
            "install the same version of moej everywhere"
        )
    log = Log(root, url=url)
    return slices.read_slice(log, part, read=extractors.read, read_listing=extractors.read_listing)


def tell(settings: Settings, concerns: Sequence[Concern] = ()) -> Delivered:
    """Bring the feeds up to date and send what waits in the outbox, as far as it is due.

    `concerns` are for the operator's channel. Nothing is sent before there is an archive.
    """
    if not settings.archive.exists():
        return Delivered()
    rules = rules_of(settings)
    write_feeds(settings.archive, settings.data / "feeds", base=rules.options.feed_url)
    return deliver(settings.archive, settings.state, rules, clock=settings.clock, concerns=concerns)


def refuse_drift(draft: Draft, loaded: Loaded, settings: Settings) -> None:
    """Stop the load whose pages lost the fields they used to have; the pages stay in the raw archive."""
    # Old pages lack fields that today's have (no category before 2001): that is no drift.
    runs = [run["run_id"] for run in loaded.runs if run["kind"] not in {"import", "backfill"}]
    found = [] if loaded.rebuilt or settings.accept_drift or not runs else drifts(draft.db, runs)
    if found:
        named = "; ".join(map(str, found[:NAMED]))
        raise Drifted(
            f"the site's pages changed: {named} ({len(found)} such falls). Nothing was loaded, all pages are "
            "in the raw archive: a better extractor will read them, or set MOEJ_ACCEPT_DRIFT=1 for one run "
            "if the pages are right",
            level=len(found),
        )


def raise_alerts(draft: Draft, rules: Rules, loaded: Loaded, settings: Settings) -> None:
    """Write the alerts of this load into the draft that holds its versions."""
    memory = remember(draft.origin, draft.state)
    done = enqueue(draft.db, rules, loaded.changes, at=settings.clock(), memory=memory)
    if done.not_sent_at_first:
        listener().note(f"first run on an empty archive: {done.not_sent_at_first} alerts were not sent")
    for rule, count in done.broken.items():
        listener().note(f"rule {rule!r} could not be computed for {count} releases; it may miss something")
