"""The drift alarm: whether a run's pages still fill the fields that the last thirty days' pages filled.

A site that changes its markup does not fail; it gives records with holes. So the share of pages that fill a
field is compared, per form of page and over all forms, with the runs before. A share that collapses ends the
load before anything of it becomes visible: the pages are in the raw archive and are read again by a better
extractor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import comb, fsum
from typing import Any, Final

from duckdb import DuckDBPyConnection

from extractors.errors import Stop
from warehouse.tables import fetch

WINDOW: Final = timedelta(days=30)
ENOUGH: Final = 5
"""Readings needed on both sides: three pages without a contact are chance, not drift."""
USUAL: Final = 0.5
"""A field that fewer than half of the pages fill may be missing for a day without meaning anything."""
COLLAPSED: Final = 0.4
"""What is left of the usual share when we speak of a collapse."""
CHANCE: Final = 0.001
"""How improbable the fall must be with the usual share.

An hour's five pages without the attachments that every second page has are one hour in thirty: no drift.
"""

_SHARES: Final = """
WITH readings AS (
    SELECT c.run_id, unnest([c.template, 'all forms']) AS template, c.filled
    FROM captures c WHERE c.template IS NOT NULL
    UNION ALL
    SELECT c.run_id, 'all forms', [] FROM captures c WHERE c.verdict = 'unreadable'
),
now AS (SELECT * FROM readings SEMI JOIN (SELECT unnest(?) AS run_id) USING (run_id)),
before AS (
    SELECT r.* FROM readings r JOIN run_notes n USING (run_id)
    WHERE n.started_at < ? AND n.started_at >= ? AND r.run_id NOT IN (SELECT unnest(?))
      -- Old pages lack fields that today's have: what a backfill read is no measure of today.
      AND n.kind NOT IN ('backfill', 'import')
),
fields AS (SELECT DISTINCT field FROM fill_shares)
SELECT
    n.template, f.field, n.readings, b.readings AS readings_before,
    list_count(list_filter(n.pages, p -> list_contains(p.filled, f.field))) / n.readings AS share,
    list_count(list_filter(b.pages, p -> list_contains(p.filled, f.field))) / b.readings AS share_before
FROM (SELECT template, count(*) AS readings, list({'filled': filled}) AS pages FROM now GROUP BY template) n
JOIN (SELECT template, count(*) AS readings, list({'filled': filled}) AS pages
      FROM before GROUP BY template) b USING (template)
CROSS JOIN fields f
ORDER BY n.template, f.field
"""


class Drifted(Stop):
    """A load ended because its pages lost their fields; `level` is how many falls there were."""

    def __init__(self, text: str, *, level: int) -> None:
        super().__init__(text)
        self.level = level


@dataclass(frozen=True, slots=True)
class Drift:
    """A field of a form of page that used to be filled and now is not; shares from 0 to 1."""

    template: str
    field: str
    share: float
    share_before: float
    readings: int

    def __str__(self) -> str:
        """In words, for the one line of the error."""
        now = f"{self.field} on {self.share:.0%} of {self.readings} pages ({self.template})"
        return f"{now}, was {self.share_before:.0%}"


def drifts(db: DuckDBPyConnection, run_ids: Sequence[str]) -> tuple[Drift, ...]:
    """What collapsed in these runs against the thirty days before the first of them; empty is good.

    Pages that could not be read at all count as filling nothing, so a redesign nobody can read is drift too.
    """
    ids = list(run_ids)
    begun = db.execute(
        "SELECT min(started_at) FROM run_notes SEMI JOIN (SELECT unnest(?) AS run_id) USING (run_id)", [ids]
    ).fetchone()
    if begun is None or begun[0] is None:
        return ()
    rows = fetch(db, _SHARES, [ids, begun[0], begun[0] - WINDOW, ids])
    return tuple(
        Drift(row["template"], row["field"], row["share"], row["share_before"], row["readings"])
        for row in rows
        if row["readings"] >= ENOUGH
        and row["readings_before"] >= ENOUGH
        and row["share_before"] >= USUAL
        and row["share"] < COLLAPSED * row["share_before"]
        and _chance(row) < CHANCE
    )


def _chance(row: Mapping[str, Any]) -> float:
    """The probability that so few pages, or fewer, fill the field, if nothing has changed (binomial).

    The usual share is estimated by Laplace's rule: ten pages that all fill a field do not prove that all do.
    """
    usual = float(row["share_before"] * row["readings_before"] + 1) / (row["readings_before"] + 2)
    pages, filled = int(row["readings"]), round(row["share"] * row["readings"])
    return fsum(comb(pages, k) * usual**k * (1 - usual) ** (pages - k) for k in range(filled + 1))
