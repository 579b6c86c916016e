"""Is the archive healthy: its figures, its runs, the ledger of a run, quarantine and alerts."""

from datetime import UTC, datetime
from typing import Any, Final

from warehouse.runs import LATEST, RUNS, in_order, latest, of
from web import paging
from web.asked import Asked, NotHere

_FIGURES: Final = """
WITH current AS (SELECT published_on, withdrawn_at, jcm_role FROM releases_as_of($as_of))
SELECT (SELECT count(*) FROM current) AS releases,
       (SELECT count(*) FROM current WHERE withdrawn_at IS NOT NULL) AS withdrawn,
       (SELECT count(*) FROM current WHERE jcm_role = 'subject') AS jcm_announcements,
       (SELECT max(published_on) FROM current) AS newest,
       (SELECT count(*) FROM release_versions WHERE valid_from <= $as_of) AS versions,
       (SELECT count(*) FROM captures WHERE fetched_at <= $as_of) AS captures,
       (SELECT max(fetched_at) FROM captures WHERE fetched_at <= $as_of) AS last_capture_at,
       (SELECT max(finished_at) FROM run_notes
        WHERE kind = 'run' AND status = 'done' AND finished_at <= $as_of) AS last_good_run_at,
       (SELECT count(*) FROM quarantine
        WHERE seen_at <= $as_of AND (resolved_at IS NULL OR resolved_at > $as_of)) AS quarantined,
       (SELECT count(*) FROM alerts WHERE raised_at <= $as_of) AS alerts,
       (SELECT value FROM meta WHERE key = 'extractor_version') AS extractor_version,
       (SELECT max(number) FROM migrations) AS migration
"""
_ALERTS: Final = """
SELECT a.*, r.title,
       (SELECT list(struct_pack(channel, attempt, attempted_at, outcome, detail) ORDER BY attempted_at)
        FROM deliveries d WHERE d.alert_id = a.alert_id) AS deliveries
FROM alerts a LEFT JOIN releases r ON r.release_id = a.release_id
"""
_CAPTURES: Final = """
SELECT capture_id, url, fetched_at, status, media_type, digest, bytes, verdict, outcome, reason, change,
       version
FROM captures WHERE release_id = $id
"""
# After everything the archive holds, also where a rehearsal's clock runs ahead of this machine's.
_NOW: Final = datetime(9999, 1, 1, tzinfo=UTC)
_LISTS: Final = {
    "quarantine": ("SELECT * FROM quarantine", "seen_at", "capture_id"),
    "alerts": (_ALERTS, "raised_at", "alert_id"),
    "captures": (_CAPTURES, "fetched_at", "capture_id"),
}


def figures(asked: Asked) -> dict[str, Any]:
    """The archive in numbers, at the moment asked for; those of now asked once for each state of it."""
    if asked.as_of:
        return asked.desk.row(_FIGURES, asked.bound) or {}
    return asked.memo.once("figures", lambda: asked.desk.row(_FIGURES, {"as_of": _NOW}) or {})


def runs(asked: Asked, *, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """The runs, newest first, and the cursor of the rest; only the pages of those given are counted."""
    after: str | None = None
    if "cursor" in asked.values:
        after = str(paging.decode(asked.values["cursor"], (str,))[0])
    rows = asked.desk.rows(LATEST, latest(limit + 1, until=asked.as_of, after=after))
    ids = [str(row["run_id"]) for row in rows[:limit]]
    found = in_order(asked.desk.rows(RUNS, of(ids)), ids)
    return found, paging.encode(ids[-1:]) if len(rows) > limit else None


def listed(asked: Asked, name: str, *, limit: int, **of: object) -> tuple[list[dict[str, Any]], str | None]:
    """Rows of one of `_LISTS`, newest first, and the cursor of the rest; `of` is what its query takes."""
    query, at, key = _LISTS[name]
    tests, bound = ["TRUE"], dict[str, Any](of)
    if asked.as_of:
        tests, bound = [f"{at} <= $as_of"], bound | asked.bound
    if name == "quarantine" and asked.values.get("open") == "yes":
        tests.append("resolved_at IS NULL")
    if "cursor" in asked.values:
        micros, last = paging.decode(asked.values["cursor"], (str, str))
        tests.append(f"(epoch_us({at}), {key}) < (coalesce(TRY_CAST($at AS BIGINT), 0), $last)")
        bound = bound | {"at": micros, "last": last}
    rows = asked.desk.rows(
        f"FROM ({query}) WHERE {' AND '.join(tests)} ORDER BY {at} DESC, {key} DESC LIMIT {limit + 1}",
        bound,
    )
    if len(rows) <= limit:
        return rows, None
    last_row = rows[limit - 1]
    micros_of = str(round(last_row[at].timestamp() * 1_000_000))
    return rows[:limit], paging.encode([micros_of, last_row[key]])


def run(asked: Asked, run_id: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One run and its ledger: every listed page and how it ended."""
    found = asked.desk.row("SELECT * EXCLUDE (fill_shares) FROM runs WHERE run_id = $id", {"id": run_id})
    if found is None:
        raise NotHere(run_id)
    ledger = asked.desk.rows(
        "SELECT page, title, listed_on, outcome, reason, release_id, version, change, alerts, capture_id "
        "FROM ledger WHERE run_id = $id ORDER BY listed_on DESC NULLS LAST, page LIMIT 5000",
        {"id": run_id},
    )
    return found, ledger
