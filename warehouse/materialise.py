"""From the log to the archive: what it does not hold yet, or everything again.

`materialise` loads what is sealed and not loaded. It reads everything again, in the same draft, where the
archive was made by another extractor. `rebuild` does so on demand and needs no readable archive.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from sys import intern
from typing import Any, Final

from duckdb import DuckDBPyConnection

import extractors
from extractors.errors import Stop
from sources.failpoints import failpoint
from sources.locks import Clock, utc_now
from warehouse.arrivals import arrivals
from warehouse.follow import FOLLOWERS, Follow
from warehouse.load import Loader, Progress, Say, silent
from warehouse.loaded import Change, Loaded
from warehouse.memory import relieve
from warehouse.readings import Readable, ReadListing, ReadPage
from warehouse.reextract import beside, carry_over, compare, known_captures
from warehouse.slices import Workers
from warehouse.state import add_reextractions, open_state
from warehouse.stores.draft import Draft, Store
from warehouse.stores.old import OLD, has
from warehouse.tables import arrow, fetch, fetch_of, one

REBUILD: Final = "rebuild"

_MADE_BY: Final = "SELECT value FROM meta WHERE key = 'extractor_version'"
# Not the view `runs`, which counts the ledger of each: on a lake that was a quarter of a small load.
_NOTED: Final = """
SELECT * REPLACE (coalesce(status, 'interrupted') AS status)
FROM run_notes SEMI JOIN asked USING (run_id) ORDER BY started_at, run_id
"""
# A file that several releases link to begins a version of each: its capture alone names none of them.
_CHANGES: Final = """
SELECT v.release_id, v.version, v.change, v.capture_id, c.run_id, coalesce(n.kind, '') AS run_kind,
       v.valid_to IS NULL AS is_newest
FROM release_versions v
SEMI JOIN added USING (release_id, capture_id)
JOIN captures c ON c.capture_id = v.capture_id
LEFT JOIN run_notes n ON n.run_id = c.run_id
ORDER BY v.valid_from, v.release_id, v.version
"""


def materialise(  # noqa: PLR0913 - the seam to the flows: everything that varies comes in by name
    draft: Draft,
    log: Readable,
    *,
    read: ReadPage | None = None,
    read_listing: ReadListing | None = None,
    extractor_version: str | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    now: Say = silent,
    clock: Clock = utc_now,
    follow: tuple[Follow, ...] = FOLLOWERS,
    elsewhere: Workers | None = None,
) -> Loaded:
    """Load every sealed file of the log that the draft does not hold; what that did.

    `progress` counts the bytes that were read, `now` is told what is done with them then.
    Where the archive was made with another extractor version, everything is read again, with all cores.
    With workers `elsewhere` these do it, with the same extractor.
    """
    version = extractor_version or extractors.EXTRACTOR_VERSION
    loader = Loader(
        log=log,
        read=read or extractors.read,
        read_listing=read_listing or extractors.read_listing,
        extractor_version=version,
        follow=follow,
        workers=elsewhere,
        now=now,
        keep=draft.keep,
        shared=draft.shared,
    )
    made_by = one(draft.db, _MADE_BY)
    if made_by == version:
        return _load(draft.db, loader, workers=workers, progress=progress)
    if made_by is not None:
        draft.start_over()
        workers = os.cpu_count() or 1
    return _anew(draft, loader, workers=workers, progress=progress, clock=clock)


def rebuild(  # noqa: PLR0913 - the same seam
    archive: Store,
    log: Readable,
    *,
    read: ReadPage | None = None,
    read_listing: ReadListing | None = None,
    extractor_version: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    clock: Clock = utc_now,
    follow: tuple[Follow, ...] = FOLLOWERS,
) -> Loaded:
    """Read the whole log again into a new archive and put it in place of the old one.

    The old archive need not be there, nor be whole. Nothing in `changes` is news: all are of run kind
    `rebuild`.
    """
    with archive.draft(empty=True) as draft:
        loaded = materialise(
            draft,
            log,
            read=read,
            read_listing=read_listing,
            extractor_version=extractor_version,
            workers=workers or os.cpu_count() or 1,
            progress=progress,
            clock=clock,
            follow=follow,
        )
    changes = tuple(replace(change, run_kind=REBUILD) for change in loaded.changes)
    return replace(loaded, changes=changes, rebuilt=True)


def _anew(draft: Draft, loader: Loader, *, workers: int, progress: Progress | None, clock: Clock) -> Loaded:
    """Load into an empty draft, and compare with the archive it will replace, if there is one."""
    db, version = draft.db, loader.extractor_version
    db.execute("INSERT INTO meta VALUES ('extractor_version', ?)", [version])
    before = beside(db)
    if draft.shared:
        _refuse_part(db, loader.log)
    if before is None:
        return _load(db, loader, workers=workers, progress=progress)
    carry_over(db)
    loaded = _load(db, loader, workers=workers, progress=progress)
    known = known_captures(db, [change.capture_id for change in loaded.changes])
    relieve(db, len(loaded.changes))
    differing = compare(db, at=clock(), from_version=before, to_version=version)
    relieve(db, len(loaded.changes))
    failpoint("warehouse.compared")
    if differing:
        with open_state(draft.state) as state:
            add_reextractions(state, differing)
    changes = tuple(
        replace(change, run_kind=REBUILD) if change.capture_id in known else change
        for change in loaded.changes
    )
    return replace(loaded, changes=changes, rebuilt=True, reextracted=len(differing))


def _refuse_part(db: DuckDBPyConnection, log: Readable) -> None:
    """`Stop` where an archive of several raw archives would be made again from fewer than all of them."""
    if not has(db, "warc_files"):
        return
    ours = {file.name for file in log.sealed()}
    theirs = sorted(
        row["name"]
        for row in fetch(db, f"SELECT name FROM {OLD}.warc_files")  # noqa: S608 - a name of ours
        if row["name"] not in ours
    )
    if theirs:
        raise Stop(
            f"the archive must be read again, and {len(theirs)} of its raw files are not here ({theirs[0]} "
            "is one): put the raw archives of all machines together in one, and run `moej rebuild` there"
        )


def _load(db: DuckDBPyConnection, loader: Loader, *, workers: int, progress: Progress | None) -> Loaded:
    known = {row["name"] for row in fetch(db, "SELECT name FROM warc_files")}
    files = [file for file in loader.log.sealed() if file.name not in known]
    if not files:
        return Loaded()
    runs = loader.run(db, arrivals(db, files), workers=workers, progress=progress)
    changes = tuple(
        _change(row) for part in arrow(db.execute(_CHANGES)).to_batches() for row in part.to_pylist()
    )
    db.execute("DROP TABLE added")
    relieve(db, len(changes))
    return Loaded(files=tuple(file.name for file in files), changes=changes, runs=_noted(db, runs))


def _change(row: dict[str, Any]) -> Change:
    """A row as what it says; of words that all share, one is kept."""
    return Change(**row | {name: intern(row[name]) for name in ("change", "run_id", "run_kind")})


def _noted(db: DuckDBPyConnection, runs: Collection[str]) -> tuple[dict[str, Any], ...]:
    return tuple(fetch_of(db, _NOTED, "run_id", runs))
