"""What the draft knows around a load's changes: earlier versions and alerts, runs, copies, translations."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from alerts.changes import COMPARED, Change, Row
from alerts.where import columns

DAILY: Final = frozenset({"run", "watch", "recheck"})
"""Kinds of run that look at the site as it is today."""

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Past:
    """Answers about the changes of one load; made by `of`, which reads everything in a few queries.

    While it lives, the temporary view `alerts_rows` shows all versions of the releases concerned.
    """

    con: duckdb.DuckDBPyConnection
    rows: Mapping[_Key, Row]
    made: frozenset[_Key]
    told_of: frozenset[tuple[str, str, int]]
    threads: Mapping[tuple[str, str], str]
    copies: Mapping[str, str]
    translations: Mapping[str, tuple[str, ...]]
    runs: Mapping[str, str]
    first_runs: frozenset[str]
    matches: dict[str, tuple[frozenset[_Key], int]] = field(default_factory=dict)

    @classmethod
    def of(cls, con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> "Past":
        """Read what there is to know; `con` stays in its transaction."""
        ids = sorted({one.release_id for one in changes})
        names = ", ".join(columns())
        con.execute("CREATE OR REPLACE TEMP TABLE alerts_ids AS SELECT unnest(?) AS release_id", [ids])
        # A copy would hold all texts of an archive that was made anew, of which a rule reads a column or two.
        con.execute(
            f"""
            CREATE OR REPLACE TEMP VIEW alerts_rows AS
            SELECT {names}, valid_from FROM release_versions WHERE release_id IN (FROM alerts_ids)
            """  # noqa: S608 - column names of the schema
        )
        return cls(
            con=con,
            rows=_rows(con, changes),
            made=frozenset((one.release_id, one.version) for one in changes),
            told_of=_told(con, ids),
            threads=_threads(con),
            copies=_copies(con, ids),
            translations=_translations(con, ids),
            runs=_runs(con, changes),
            first_runs=_first_runs(con),
        )

    def matching(self, where: str) -> tuple[frozenset[_Key], int]:
        """The versions for which a checked condition is true, and for how many it could not be computed.

        A condition that fails on some row (a text cast to a number, say) would otherwise end the whole load.
        """
        if where not in self.matches:
            found = self.con.execute(
                f"""
                SELECT release_id, version, TRY(({where}) IS NOT NULL) IS NULL AS broken
                FROM alerts_rows AS releases WHERE coalesce(TRY(({where})), false) OR broken
                """  # noqa: S608 - checked by alerts.where
            ).fetchall()
            good = frozenset((str(row[0]), int(row[1])) for row in found if not row[2])
            self.matches[where] = (good, len(found) - len(good))
        return self.matches[where]

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


def _rows(con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> dict[_Key, Row]:
    """The text of the changed versions and those before them; of all others only what puts them in order."""
    wanted = {
        (one.release_id, one.version - back) for one in changes if one.change != "created" for back in (0, 1)
    }
    names = ("release_id", "version", "lang", "published_on", "valid_from")
    found = con.execute(f"SELECT {', '.join(names)} FROM alerts_rows").fetchall()  # noqa: S608 - names of ours
    rows: dict[_Key, Row] = {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in found}
    if wanted:
        keys = [f"{release} {version}" for release, version in wanted]
        full = (*names, *(name for name in COMPARED if name not in names))
        more = con.execute(
            f"SELECT {', '.join(full)} FROM alerts_rows "  # noqa: S608 - names of ours
            "WHERE release_id || ' ' || version IN (SELECT unnest(?))",
            [keys],
        ).fetchall()
        rows |= {(row[0], row[1]): dict(zip(full, row, strict=True)) for row in more}
    return rows


def _told(con: duckdb.DuckDBPyConnection, ids: list[str]) -> frozenset[tuple[str, str, int]]:
    found = con.execute(
        """
        SELECT a.rule, c.release_id, c.version FROM alerts a JOIN captures c USING (capture_id)
        WHERE c.release_id IN (SELECT unnest($ids))
        UNION
        SELECT a.rule, a.release_id, max(f.version) FROM alerts a
        JOIN captures c USING (capture_id)
        JOIN attachment_changes f
            ON f.release_id = a.release_id AND f.url = c.page AND f."after" = c.digest
            AND f.changed_at <= c.fetched_at
        WHERE c.family = 'file' AND a.release_id IN (SELECT unnest($ids))
        GROUP BY a.alert_id, a.rule, a.release_id
        """,
        {"ids": ids},
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
) p WHERE p.ours IN (SELECT unnest($ids)) AND p.other <> p.ours
"""


def _copies(con: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, str]:
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
        {"kind": "copy", "ids": ids},
    ).fetchall()
    return {str(ours): str(other) for ours, other in found}


def _translations(con: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, tuple[str, ...]]:
    found = con.execute(f"{_PAIRS} ORDER BY ALL", {"kind": "translation", "ids": ids}).fetchall()
    return {ours: tuple(other for one, other in found if one == ours) for ours in {row[0] for row in found}}


def _runs(con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> dict[str, str]:
    found = con.execute(
        "SELECT capture_id, run_id FROM captures WHERE capture_id IN (SELECT unnest(?))",
        [[one.capture_id for one in changes]],
    ).fetchall()
    return {str(capture): str(run) for capture, run in found}


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
