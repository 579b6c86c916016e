"""What the draft knows around a load's changes: earlier versions and alerts, runs, copies, translations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from alerts.changes import COMPARED, Change, Key, Row
from warehouse.tables import column, showing

DAILY: Final = frozenset({"run", "watch", "recheck"})
"""Kinds of run that look at the site as it is today."""

_NAMES: Final = ("release_id", "version", "lang", "published_on", "valid_from")
_FULL: Final = (*_NAMES, *(name for name in COMPARED if name not in _NAMES))
_ORDERED: Final = f"SELECT {', '.join(_NAMES)} FROM release_versions SEMI JOIN ids_now USING (release_id)"  # noqa: S608 - names of ours
_COMPARED_TOO: Final = f"""
SELECT {", ".join(_FULL)} FROM release_versions SEMI JOIN ids_now USING (release_id)
WHERE release_id || ' ' || version IN (FROM keys_now)
"""  # noqa: S608 - names of ours


@dataclass(frozen=True, slots=True)
class Past:
    """Answers about changes of one load; made by `of`, which reads everything in a few queries.

    The changes must be all that the load brought of their releases.
    """

    rows: Mapping[Key, Row]
    made: frozenset[Key]
    told_of: frozenset[tuple[str, str, int]]
    threads: Mapping[tuple[str, str], str]
    copies: Mapping[str, str]
    translations: Mapping[str, tuple[str, ...]]
    runs: Mapping[str, str]
    first_runs: frozenset[str]

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> "Past":
        """Read what there is to know; `con` stays in its transaction."""
        releases = column("release_id", sorted({one.release_id for one in changes}))
        captures = column("capture_id", sorted({one.capture_id for one in changes}))
        with showing(con, ids_now=releases, captures_now=captures):
            return cls(
                rows=_rows(con, changes),
                made=frozenset((one.release_id, one.version) for one in changes),
                told_of=_told(con),
                threads=_threads(con),
                copies=_copies(con),
                translations=_translations(con),
                runs=_runs(con),
                first_runs=_first_runs(con),
            )

    def in_order(self, changes: Iterable[Change]) -> list[Change]:
        """Originals before translations, that is Japanese first, and each by time."""
        return sorted(changes, key=self._order)

    def _order(self, one: Change) -> tuple[Any, ...]:
        row = self.row(one)
        return (row["lang"] != "ja", row["valid_from"], one.release_id, one.version)

    def row(self, change: Change) -> Row:
        """The version itself."""
        return self.rows[change.release_id, change.version]

    def before(self, change: Change) -> Row | None:
        """The version before it, if there is one."""
        return self.rows.get((change.release_id, change.version - 1))

    def late(self, change: Change) -> bool:
        """Whether a later version of the release was known before this load.

        `is_newest` alone does not tell: two versions loaded at once (a run was killed, the next loads both)
        are both news.
        """
        later = change.version + 1
        while (change.release_id, later) in self.rows:
            if (change.release_id, later) not in self.made:
                return True
            later += 1
        return False

    def told(self, rule: str, change: Change) -> bool:
        """Whether the rule has a row for this very version, perhaps under what was its first capture then."""
        return (rule, change.release_id, change.version) in self.told_of

    def thread(self, rule: str, change: Change, fresh: Mapping[str, str]) -> str | None:
        """The rule's alert for the other language's announcement, of this load (`fresh`) or before."""
        for other in self.translations.get(change.release_id, ()):
            found = fresh.get(other) or self.threads.get((rule, other))
            if found is not None:
                return found
        return None

    def copy_of(self, change: Change) -> str | None:
        """The release, seen before, whose text this one repeats."""
        return self.copies.get(change.release_id)

    def run_of(self, change: Change) -> str | None:
        """The run that fetched the version's first capture."""
        return self.runs.get(change.capture_id)

    def first_run(self, change: Change) -> bool:
        """Whether it comes from the first run of an archive that held nothing."""
        return self.run_of(change) in self.first_runs


def _rows(con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> dict[Key, Row]:
    """The text of the changed versions and those before them; of all others only what puts them in order."""
    wanted = {
        (one.release_id, one.version - back) for one in changes if one.change != "created" for back in (0, 1)
    }
    found = con.execute(_ORDERED).fetchall()
    rows: dict[Key, Row] = {(row[0], row[1]): dict(zip(_NAMES, row, strict=True)) for row in found}
    if wanted:
        keys = column("key", sorted(f"{release} {version}" for release, version in wanted))
        with showing(con, keys_now=keys):
            more = con.execute(_COMPARED_TOO).fetchall()
        rows |= {(row[0], row[1]): dict(zip(_FULL, row, strict=True)) for row in more}
    return rows


def _told(con: duckdb.DuckDBPyConnection) -> frozenset[tuple[str, str, int]]:
    found = con.execute(
        """
        SELECT a.rule, c.release_id, c.version FROM alerts a JOIN captures c USING (capture_id)
        WHERE c.release_id IN (FROM ids_now)
        UNION
        SELECT a.rule, a.release_id, max(f.version) FROM alerts a
        JOIN captures c USING (capture_id)
        JOIN attachment_changes f
            ON f.release_id = a.release_id AND f.url = c.page AND f."after" = c.digest
            AND f.changed_at <= c.fetched_at
        WHERE c.family = 'file' AND a.release_id IN (FROM ids_now)
        GROUP BY a.alert_id, a.rule, a.release_id
        """
    ).fetchall()
    return frozenset((row[0], row[1], row[2]) for row in found)


def _threads(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    found = con.execute(
        """
        SELECT rule, release_id, min_by(coalesce(thread_id, alert_id), raised_at) FROM alerts
        WHERE held IS NULL GROUP BY rule, release_id
        """
    ).fetchall()
    return {(row[0], row[1]): row[2] for row in found}


_PAIRS: Final = """
SELECT p.ours, p.other FROM (
    SELECT release_id AS ours, other_id AS other FROM duplicates WHERE kind = $kind
    UNION SELECT other_id, release_id FROM duplicates WHERE kind = $kind
) p WHERE p.ours IN (FROM ids_now) AND p.other <> p.ours
"""


def _copies(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """For each release that repeats another one: the earliest of those it repeats."""
    found = con.execute(
        f"""
        WITH pairs AS ({_PAIRS}),
        first AS (
            SELECT release_id, min(valid_from) AS since FROM release_versions
            WHERE release_id IN (SELECT ours FROM pairs UNION SELECT other FROM pairs) GROUP BY release_id
        )
        SELECT p.ours, min_by(p.other, (theirs.since, p.other)) FROM pairs p
        JOIN first mine ON mine.release_id = p.ours JOIN first theirs ON theirs.release_id = p.other
        WHERE (theirs.since, p.other) < (mine.since, p.ours) GROUP BY p.ours
        """,  # noqa: S608 - a constant of ours
        {"kind": "copy"},
    ).fetchall()
    return {str(ours): str(other) for ours, other in found}


def _translations(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for ours, other in con.execute(f"{_PAIRS} ORDER BY ALL", {"kind": "translation"}).fetchall():
        found[ours] = (*found.get(ours, ()), other)
    return found


def _runs(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    found = con.execute("SELECT capture_id, run_id FROM captures SEMI JOIN captures_now USING (capture_id)")
    return {str(capture): str(run) for capture, run in found.fetchall()}


def _first_runs(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Runs that began on an empty archive: none had looked at the site to the end, nothing was backfilled.

    It is a matter of the log alone, not of what the database held, so a first run that was killed and is
    repeated counts as first both times, and a rebuild comes to the same.
    """
    found = con.execute(
        """
        SELECT n.run_id FROM run_notes n
        WHERE n.kind IN (SELECT unnest($daily))
          AND NOT EXISTS (
            FROM run_notes o WHERE o.started_at < n.started_at AND o.run_id <> n.run_id
            AND CASE WHEN o.kind IN (SELECT unnest($daily))
                THEN o.finished_at IS NOT NULL
                    AND coalesce(o.status, 'failed') NOT IN ('failed', 'interrupted')
                ELSE EXISTS (FROM captures c WHERE c.run_id = o.run_id AND c.change IS NOT NULL) END
          )
        """,
        {"daily": sorted(DAILY)},
    ).fetchall()
    return frozenset(str(row[0]) for row in found)
