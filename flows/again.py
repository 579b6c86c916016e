"""What `--retry` takes up again: what failed or was quarantined in one run and was not mended since.

A page whose bytes are whole but could not be read is read again from the raw archive; everything else that
did not end well brought no bytes worth reading, and is asked again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import extractors
import warehouse
from alerts.raising import QUIET_RUNS
from extractors.errors import Usage
from extractors.release import Unreadable
from flows import steps
from flows.report import Trouble
from flows.settings import Settings
from warehouse import Reader
from warehouse.readings import Work, read_one

LAST: Final = 5
"""Runs that a usage error names."""

_RUNS: Final = "SELECT run_id, kind FROM run_notes WHERE starts_with(run_id, ?) ORDER BY run_id"
# Lists, files and robots.txt stand in the ledger only where they gave no answer at all: their bad answers
# are found in the captures. Of several answers in one run the last one counts.
_TROUBLES: Final = """
WITH troubles AS (
    SELECT page, outcome, coalesce(reason, '') AS reason, verdict, capture_id FROM ledger
    WHERE run_id = $run AND outcome IN ('failed', 'quarantined')
),
others AS (
    SELECT page, unnest(max_by(struct_pack(verdict, reason, capture_id),
                               struct_pack(fetched_at, sequence, warc_offset)))
    FROM captures WHERE run_id = $run AND family <> 'release' GROUP BY page
),
later AS (
    SELECT page, target, verdict, run_id,
           outcome IN ('loaded', 'unchanged')
           OR (family <> 'release' AND verdict IN ('good', 'unchanged')) AS well
    FROM captures
    WHERE run_id <> $run AND fetched_at > (SELECT started_at FROM run_notes WHERE run_id = $run)
),
mended AS (
    SELECT page FROM later WHERE well
    UNION SELECT l.page FROM later l JOIN later t ON t.page = l.target AND t.run_id = l.run_id
    WHERE l.verdict = 'redirect' AND t.well
)
SELECT page, outcome, reason, verdict, capture_id, page IN (FROM mended) AS mended FROM troubles
UNION ALL
SELECT page, CASE verdict WHEN 'error' THEN 'failed' ELSE 'quarantined' END, coalesce(reason, ''), verdict,
       capture_id, page IN (FROM mended)
FROM others ANTI JOIN troubles USING (page) WHERE verdict NOT IN ('good', 'unchanged', 'gone', 'redirect')
ORDER BY page
"""
# What repeats other bytes is read as those were, whose headers say of what type they are.
_HELD: Final = """
SELECT p.capture_id, p.page, p.family, p.fetched_at, p.media_type, p.charset, p.warc_file, p.warc_offset
FROM captures c JOIN captures p ON p.capture_id = coalesce(c.reading_id, c.capture_id) WHERE c.capture_id = ?
"""


@dataclass(frozen=True, slots=True)
class Again:
    """What of a run is taken up again: pages to ask, captures to read; `mended` are well by now.

    `kind` is that of the run that asks: like a backfill's, a release that is old news is not announced.
    """

    run_id: str
    kind: str
    pages: tuple[str, ...] = ()
    captures: tuple[tuple[str, Trouble], ...] = ()
    mended: int = 0

    def words(self) -> str:
        """What is going to be done, in a line for a person."""
        if not (self.pages or self.captures or self.mended):
            return f"run {self.run_id}: nothing failed and nothing was quarantined; there is nothing to do"
        return (
            f"run {self.run_id}: {len(self.pages)} to be asked again, {len(self.captures)} to be read again, "
            f"{self.mended} mended since"
        )


def the_run(settings: Settings, given: str) -> tuple[str, str]:
    """Id and kind of the run that is meant by an id or the beginning of one; `Usage` names the last runs."""
    with warehouse.open_archive(settings.archive) as archive:
        found = archive.rows(_RUNS, [given.strip()]) if given.strip() else []
        exact = [run for run in found if run["run_id"] == given.strip()] or found
        if len(exact) == 1:
            return str(exact[0]["run_id"]), str(exact[0]["kind"])
        why = "may mean several runs" if found else "is the id of no run"
        raise Usage(f"--retry: {given!r} {why}; {_last_runs(archive)}; `moej runs` lists more")


def _last_runs(archive: Reader) -> str:
    runs = (
        f"{run['run_id']} ({run['kind']}, {run['started_at']:%Y-%m-%d %H:%M} UTC, "
        f"{run['failed']} failed, {run['quarantined']} quarantined)"
        for run in archive.runs(LAST)
    )
    return "the last ones are " + ", ".join(runs)


def again(settings: Settings, run_id: str, kind: str) -> Again:
    """What is left of a run that did not end well, by the archive as it is now."""
    with warehouse.open_archive(settings.archive) as archive:
        rows = archive.db.execute(_TROUBLES, {"run": run_id}).fetchall()
    left = [row for row in rows if not row[-1]]
    readable = [row for row in left if _is_whole(outcome=row[1], verdict=row[3])]
    return Again(
        run_id,
        "backfill" if kind in QUIET_RUNS else "recheck",
        pages=tuple(dict.fromkeys(row[0] for row in left if row not in readable)),
        captures=tuple((row[4], Trouble(*row[:3])) for row in readable),
        mended=len(rows) - len(left),
    )


def _is_whole(*, outcome: str, verdict: str | None) -> bool:
    """Whether the bytes are good, or those of a page that answered as before: then asking brings the same."""
    return outcome == "quarantined" and verdict in {"unreadable", "unchanged"}


def read_again(settings: Settings, captures: Iterable[tuple[str, Trouble]]) -> tuple[Trouble, ...]:
    """Read archived bytes again; what still cannot be read.

    Bytes that can be read now were quarantined by a failure of the reader, not of the page (no memory, say):
    the archive is then made again from the log, since nothing else gives it what it should have had.
    """
    wanted = list(captures)
    left = _unreadable(settings, wanted)
    if len(left) < len(wanted):
        steps.rebuild(settings)
    return left


def _unreadable(settings: Settings, captures: Sequence[tuple[str, Trouble]]) -> tuple[Trouble, ...]:
    with warehouse.open_archive(settings.archive) as archive:
        return tuple(
            trouble for capture_id, trouble in captures if not _is_read(settings, archive, capture_id)
        )


def _is_read(settings: Settings, archive: Reader, capture_id: str) -> bool:
    held: dict[str, Any] = archive.rows(_HELD, [capture_id])[0]
    payload = steps.log_of(settings).payload(held.pop("warc_file"), held.pop("warc_offset"))
    found = read_one(
        Work(payload=payload, **held), read=extractors.read, read_listing=extractors.read_listing
    )
    return not isinstance(found.result, Unreadable)
