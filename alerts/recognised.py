"""What a better extractor sees that the last one missed: told by rules that ask, for no page changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import duckdb

from alerts.outbox import Alert, alert_id
from alerts.rules import Rule, Rules
from alerts.where import columns
from warehouse.stores.archive import attach
from warehouse.stores.draft import Place

_EXTRACTOR: Final = "SELECT value FROM meta WHERE key = 'extractor_version'"


def recognised(
    con: duckdb.DuckDBPyConnection, origin: Place, rules: Rules, *, at: datetime, but: frozenset[str]
) -> list[Alert]:
    """Alerts for releases that match a rule now and did not in `origin`, made by another extractor.

    `but` are releases that this load has news of: those are told as news.
    """
    asking = [rule for rule in rules.rules if "recognised" in rule.on]
    if not asking:
        return []
    with attach(origin) as old:
        if old.execute(_EXTRACTOR).fetchall() == con.execute(_EXTRACTOR).fetchall():
            return []
        return [alert for rule in asking for alert in _of_rule(con, old, rule, at=at, but=but)]


def _of_rule(
    con: duckdb.DuckDBPyConnection,
    old: duckdb.DuckDBPyConnection,
    rule: Rule,
    *,
    at: datetime,
    but: frozenset[str],
) -> list[Alert]:
    told = {
        row[0] for row in con.execute("SELECT release_id FROM alerts WHERE rule = ?", [rule.name]).fetchall()
    }
    before = {release for release, *_ in _matches(old, rule.where)}
    return [
        Alert(
            alert_id=alert_id(rule.name, release, capture),
            rule=rule.name,
            release_id=release,
            capture_id=capture,
            change="recognised",
            run_id=run,
            raised_at=at,
            channels=rule.channels,
            delivery=rule.delivery,
            lang=rule.lang,
        )
        for release, capture, run in _matches(con, rule.where)
        if release not in before and release not in told and release not in but
    ]


def _matches(con: duckdb.DuckDBPyConnection, where: str) -> Sequence[tuple[str, str, str]]:
    """Release, first capture of its current version and the run of that, wherever the condition holds."""
    return con.execute(
        f"""
        SELECT r.release_id, r.capture_id, c.run_id
        FROM (SELECT {", ".join(columns())} FROM releases WHERE coalesce(TRY(({where})), false)) r
        LEFT JOIN captures c USING (capture_id) ORDER BY r.published_on, r.release_id
        """  # noqa: S608 - columns of the schema, a condition checked by alerts.where
    ).fetchall()
