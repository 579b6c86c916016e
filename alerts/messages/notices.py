"""What a message tells of one version of a release, read from the archive."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from alerts.changes import COMPARED, word
from alerts.messages.differences import Difference, differences
from alerts.outbox import Alert
from warehouse.differences import replaced_files

SUMMARY: Final = 240
"""Characters of the first sentences."""
_SENTENCE: Final = re.compile(r".*?(?:。|[.!?](?=\s)|\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of a release as a message shows it.

    `held` is False if the archive does not hold it any more.
    """

    release_id: str
    url: str
    title: str
    lang: str
    change: str
    rules: tuple[str, ...]
    published_on: date | None = None
    version: int | None = None
    kind: str | None = None
    countries: tuple[str, ...] = ()
    partner_count: int | None = None
    projects: int | None = None
    tonnes: float | None = None
    summary: str = ""
    evidence: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    also: tuple["Notice", ...] = ()
    held: bool = True


_SHOWN: Final = (
    "release_id", "version", "url", "lang", "title", "published_on", "lead", "jcm_kind", "jcm_countries",
    "jcm_partner_count", "jcm_projects", "jcm_tonnes", "jcm_evidence", *COMPARED,
)  # fmt: skip


def notice(archive: duckdb.DuckDBPyConnection, alerts: Sequence[tuple[Alert, str, str]]) -> Notice:
    """What to tell of the version that these alerts, of several rules perhaps, are about.

    The version is found by its first capture, which a renumbering does not change. Files that the same run
    found replaced right after it are told with it.
    """
    alert, title, url = alerts[0]
    # A rule that only knows of edits must not hide from another's readers that this is a correction.
    change = word(one.change for one, _, _ in alerts)
    rules = tuple(dict.fromkeys(one.rule for one, _, _ in alerts))
    found = _versions(archive, alert)
    if not found:
        return Notice(alert.release_id, url, title, alert.lang, change, rules, held=False)
    new, old = found[0], found[1] if len(found) > 1 else None
    edited = old is not None and change in {"changed", "corrected", "attachment", "restored"}
    return Notice(
        release_id=new["release_id"],
        url=new["url"],
        title=new["title"],
        lang=new["lang"],
        change=change,
        rules=rules,
        published_on=new["published_on"],
        version=new["version"],
        kind=new["jcm_kind"],
        countries=tuple(new["jcm_countries"] or ()),
        partner_count=new["jcm_partner_count"],
        projects=new["jcm_projects"],
        tonnes=new["jcm_tonnes"],
        summary=first_sentences(new["lead"] or new["body"] or ""),
        evidence=tuple(new["jcm_evidence"] or ()),
        differences=_differences(archive, old, new) if edited and old is not None else (),
    )


def _differences(
    archive: duckdb.DuckDBPyConnection, old: dict[str, Any], new: dict[str, Any]
) -> tuple[Difference, ...]:
    last = together(archive, new["release_id"], new["version"])
    return differences(old, new, replaced_files(archive, new["release_id"], old["version"], last))


_RUNS: Final = """
SELECT v.version, v.change, c.run_id FROM release_versions v JOIN captures c ON c.capture_id = v.capture_id
WHERE v.release_id = ? AND v.version >= ? ORDER BY v.version
"""


def together(archive: duckdb.DuckDBPyConnection, release_id: str, version: int) -> int:
    """The last of the versions after this one that are files replaced in the same run; itself if none is."""
    rows = archive.execute(_RUNS, [release_id, version]).fetchall()
    run = rows[0][2] if rows else None
    for number, change, of_run in rows[1:]:
        if change != "attachment" or of_run != run:
            break
        version = number
    return version


_PLACE: Final = """
SELECT release_id, version FROM captures WHERE capture_id = $capture AND release_id IS NOT NULL
UNION ALL
SELECT f.release_id, max(f.version) FROM attachment_changes f
JOIN captures c ON c.page = f.url AND c.digest = f."after" AND c.fetched_at >= f.changed_at
WHERE c.capture_id = $capture AND f.release_id = $release GROUP BY f.release_id
"""
# A capture of a file stands for all releases that link to it, so it names none of them. It may have come to
# repeat an earlier one that arrived later.


def _versions(archive: duckdb.DuckDBPyConnection, alert: Alert) -> list[dict[str, Any]]:
    """The version that held after the capture of an alert, and the one before it."""
    place = archive.execute(_PLACE, {"capture": alert.capture_id, "release": alert.release_id}).fetchone()
    if place is None:
        return []
    columns = list(dict.fromkeys(_SHOWN))
    # The release is named by a constant, which lets DuckDB skip the texts of all others.
    found = archive.execute(
        f"SELECT {', '.join(columns)} FROM release_versions "  # noqa: S608 - column names of ours
        "WHERE release_id = ? AND version BETWEEN ? AND ? ORDER BY version DESC",
        [place[0], place[1] - 1, place[1]],
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in found]


def first_sentences(text: str) -> str:
    """The first sentences of a text as one line, cut at the end of a sentence where one ends in time."""
    line = ""
    for sentence in _SENTENCE.findall(text):
        # Japanese sentences stand without a blank between them.
        joined = " ".join(f"{line}{'' if line.endswith('。') else ' '}{sentence}".split())
        if line and len(joined) > SUMMARY:
            break
        line = joined
        if len(line) >= SUMMARY:
            break
    return line if len(line) <= SUMMARY else line[: SUMMARY - 1] + "…"
