"""What a rule would have told over all of the archive's history: how to judge it before it is switched on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from alerts.changes import Key, kinds, word
from alerts.matches import Matches
from alerts.past import Past
from alerts.rules import Rule
from warehouse import open_archive
from warehouse.stores.draft import Place


@dataclass(frozen=True, slots=True)
class Version:
    """A version as a change, as if a daily run had seen it."""

    release_id: str
    version: int
    change: str
    capture_id: str
    run_kind: str = "run"


@dataclass(frozen=True, slots=True)
class Preview:
    """One message a rule would have sent.

    `day` is the Ministry's for a new release, ours for what came after.
    """

    rule: str
    change: str
    release_id: str
    version: int
    title: str
    day: date
    held: str | None


def preview(archive: Place, rules: Sequence[Rule], *, since: date | None = None) -> list[Preview]:
    """What these rules would have told, oldest first, backfill and first run included, copies as held."""
    with open_archive(archive) as reader:
        db = reader.db
        versions = [
            Version(*row)
            for row in db.execute(
                "SELECT release_id, version, change, capture_id FROM release_versions "
                "ORDER BY valid_from, release_id"
            ).fetchall()
        ]
        if not versions:
            return []
        matches = Matches.of(db, versions, (rule.where for rule in rules))
        versions = matches.concerned(versions)
        past = Past.of(db, versions)
        titles = _titles(db)
        found = [
            one for rule in rules for one in _of_rule(past, rule, versions, matches.found[rule.where], titles)
        ]
    return sorted(
        (one for one in found if since is None or one.day >= since), key=lambda one: (one.day, one.release_id)
    )


def _titles(db: duckdb.DuckDBPyConnection) -> dict[Key, str]:
    found = db.execute("SELECT release_id, version, title FROM release_versions").fetchall()
    return {(row[0], row[1]): row[2] for row in found}


def _of_rule(
    past: Past, rule: Rule, versions: Sequence[Version], matched: frozenset[Key], titles: dict[Key, str]
) -> list[Preview]:
    first: dict[str, int] = {}
    for release, version in matched:
        first[release] = min(version, first.get(release, version))
    found = []
    for one in versions:
        if (one.release_id, one.version) not in matched:
            continue
        old, new = past.before(one), past.row(one)
        what = kinds(one.change, new, old, ignore=rule.ignore)
        told = bool(what & set(rule.on)) or ("created" in rule.on and first[one.release_id] == one.version)
        if told:
            copy = past.copy_of(one)
            found.append(
                Preview(
                    rule=rule.name,
                    change=word((what & set(rule.on)) or what or {one.change}),
                    release_id=one.release_id,
                    version=one.version,
                    title=titles[one.release_id, one.version],
                    day=new["published_on"] if one.change == "created" else new["valid_from"].date(),
                    held=f"copy of {copy}" if copy else None,
                )
            )
    return found
