"""Setting captures in time: from rows of `captures` to releases and versions, a batch of pages at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Protocol

from duckdb import DuckDBPyConnection

from warehouse import columns
from warehouse.files import LINKS, replacements
from warehouse.identity import Face
from warehouse.tables import arrow, fetch_of, insert_table, write
from warehouse.timeline import Mark, Observation, Replaced, Timeline, Unread, Version, timeline

BATCH: Final = 2_000

_SEEN: Final = """
SELECT page_name, capture_id, page, fetched_at, sequence, warc_offset, status, verdict, content_hash,
       reading_id, release_id, version, change, outcome, reason
FROM captures SEMI JOIN asked USING (page_name) ORDER BY page_name
"""
_KNOWN: Final = f"""
SELECT release_id, title, published_on, {LINKS} AS links, version, versions, first_seen_at, changed_at,
       withdrawn_at, content_hash, capture_id, valid_from, valid_to, change
FROM release_versions SEMI JOIN asked USING (release_id)
"""  # noqa: S608 - a constant of ours
# What is linked is part of the content, so any reading of it will do.
_STAGED: Final = f"""
SELECT content_hash, min(title) AS title, min(published_on) AS published_on, any_value({LINKS}) AS links
FROM staged SEMI JOIN asked USING (content_hash) GROUP BY content_hash
"""  # noqa: S608 - a constant of ours
_PLACED: Final = tuple(columns.PLACED)

Row = dict[str, Any]
_Shown = tuple[str, Any, frozenset[str]]
"""Title, date and the files linked to, which follow from the content."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be written for a batch of pages: versions to add, drop and amend, marks on captures."""

    add: list[Row]
    drop: list[Row]
    amend: list[Row]
    marks: list[Row]

    @property
    def releases(self) -> set[str]:
        """Releases of which anything but bookkeeping of captures changes."""
        return {row["release_id"] for row in (*self.add, *self.drop, *self.amend)}


class Texts(Protocol):
    """The texts of readings, which are fetched together: one at a time costs milliseconds each."""

    def likeness(self, known: str, shown: str) -> float:
        """How alike two of them are; raises `Unread` while one is not at hand."""

    def fetch(self) -> None:
        """Have at hand what was missed so far."""


def plan(db: DuckDBPyConnection, names: Sequence[str], *, texts: Texts) -> Plan:
    """Work out all pages of these names from all their captures, and compare with what the database has."""
    seen = fetch_of(db, _SEEN, "page_name", names)
    known = fetch_of(db, _KNOWN, "release_id", {row["release_id"] for row in seen if row["release_id"]})
    faces = _faces(db, seen, known)
    have = defaultdict(list)
    for row in known:
        have[row["release_id"]].append(row)
    replaced = _replaced(db, faces.values())
    whole = Plan([], [], [], [])
    for captures, line in _played(seen, faces, replaced, texts):
        releases = {row["release_id"] for row in captures if row["release_id"]}
        _compare(whole, line, captures, [row for one in sorted(releases) for row in have[one]])
    return whole


def _played(
    seen: Iterable[Row], faces: dict[str, _Shown], replaced: dict[str, list[Replaced]], texts: Texts
) -> Iterator[tuple[list[Row], Timeline]]:
    """Each page's captures and what they come to; a page that has to wait for texts is played anew."""
    pages = [list(rows) for _, rows in groupby(seen, key=lambda row: row["page_name"])]
    while pages:
        waiting: list[list[Row]] = []
        for captures in pages:
            observations = list(_observations(captures, faces))
            links = {url for one in observations for url in one.links}
            files = [one for url in sorted(links) for one in replaced.get(url, ())]
            name = captures[0]["page_name"]
            try:
                yield captures, timeline(name, observations, likeness=texts.likeness, replaced=files)
            except Unread:
                waiting.append(captures)
        if waiting:
            texts.fetch()
        pages = waiting


def _faces(db: DuckDBPyConnection, seen: Iterable[Row], known: Iterable[Row]) -> dict[str, _Shown]:
    """What a content hash stands for: what was loaded before begins a version, the rest is staged."""
    faces = {row["content_hash"]: _shown(row) for row in known}
    missing = {row["content_hash"] for row in seen if row["content_hash"] is not None} - set(faces)
    staged = fetch_of(db, _STAGED, "content_hash", missing) if missing else []
    return faces | {row["content_hash"]: _shown(row) for row in staged}


def _shown(row: Row) -> _Shown:
    return (row["title"], row["published_on"], frozenset(row["links"] or ()))


def _replaced(db: DuckDBPyConnection, faces: Iterable[_Shown]) -> dict[str, list[Replaced]]:
    """By address: each time a file that is linked from one of these came with other bytes."""
    found: defaultdict[str, list[Replaced]] = defaultdict(list)
    urls = {url for _, _, links in faces for url in links}
    for one in replacements(db, urls) if urls else ():
        found[one.url].append(one)
    return found


def _observations(captures: Iterable[Row], faces: dict[str, _Shown]) -> Iterator[Observation]:
    for row in captures:
        arrival = (row["sequence"], row["warc_offset"])
        if row["verdict"] == "gone":
            yield Observation(row["capture_id"], row["page"], row["fetched_at"], arrival)
        elif row["content_hash"] is not None:
            title, day, links = faces[row["content_hash"]]
            face = Face(title, day, row["reading_id"])
            yield Observation(
                row["capture_id"], row["page"], row["fetched_at"], arrival, row["content_hash"], face, links
            )


def _compare(whole: Plan, line: Timeline, captures: list[Row], have: list[Row]) -> None:
    stored = {(row["release_id"], row["capture_id"]): row for row in have}
    read = _read(captures, have)
    sources: dict[str, str] = {}
    for one in line.lines:
        for version in one.versions:
            row = _version(one.release_id, version)
            key = (one.release_id, version.capture_id)
            old = stored.pop(key, None)
            sources[version.capture_id] = version.reading_id
            if old is None:
                whole.add.append(row)
            elif read[key] != version.reading_id:
                whole.drop.append(row)
                whole.add.append(row)
            elif any(old[name] != row[name] for name in _PLACED):
                whole.amend.append(row)
    whole.drop.extend(stored.values())
    for row in captures:
        mark = _mark(row, line.marks.get(row["capture_id"]), sources)
        if any(row[name] != value for name, value in mark.items()):
            whole.marks.append(mark)


def _read(captures: Iterable[Row], have: Iterable[Row]) -> dict[tuple[str, str], str]:
    """The reading that the text of each stored version comes from; a file's version keeps the one before."""
    of_capture = {row["capture_id"]: row["reading_id"] for row in captures}
    read: dict[tuple[str, str], str] = {}
    last = ""
    for row in sorted(have, key=lambda row: (row["release_id"], row["version"])):
        last = of_capture.get(row["capture_id"], last)
        read[row["release_id"], row["capture_id"]] = last
    return read


def _version(release_id: str, version: Version) -> Row:
    row = {name: getattr(version, name) for name in _PLACED if name != "version"}
    row |= {"version": version.number, "release_id": release_id}
    return row | {"reading_id": version.reading_id, "page": version.page}


def _mark(row: Row, mark: Mark | None, sources: dict[str, str]) -> Row:
    """What the capture came to, as columns of `captures`."""
    outcome, reason = _outcome(row, mark)
    return {
        "capture_id": row["capture_id"],
        "release_id": mark.release_id if mark else None,
        "version": mark.version if mark else None,
        "change": mark.change if mark else None,
        "outcome": outcome,
        "reason": reason,
        # A page that is gone has nothing to read: what it repeats is the last reading before.
        "reading_id": sources.get(row["capture_id"]) if row["verdict"] == "gone" else row["reading_id"],
    }


def _outcome(row: Row, mark: Mark | None) -> tuple[str, str | None]:
    """Outcome and reason of a capture of a release page."""
    match row["verdict"]:
        case _ if mark is not None and mark.change is not None:
            return ("loaded", None)
        case "gone" if mark is None or not mark.withdrawn:
            return ("failed", f"gone (HTTP {row['status']})")
        case _ if mark is not None:
            return ("unchanged", None)
        case "redirect" | "error" as verdict:
            return ("redirect" if verdict == "redirect" else "failed", row["reason"])
        case "unchanged" if row["reading_id"] is None:
            return ("failed", "its bytes are not in the raw archive")
    return ("quarantined", row["reason"] or row["verdict"])


_SAME_VERSION: Final = "v.release_id = i.release_id AND v.capture_id = i.capture_id"
_DROP: Final = f"DELETE FROM release_versions v USING incoming i WHERE {_SAME_VERSION}"  # noqa: S608 - names of ours
_AMEND: Final = "UPDATE {table} v SET {columns} FROM incoming i WHERE {same}"
_ADD: Final = """
SELECT w.release_id, {read}, {placed}, ? AS extractor_version
FROM wanted w JOIN staged s ON s.reading_id = w.reading_id AND s.page = w.page
"""


def _amend(table: str, names: Iterable[str], *, same: str) -> str:
    columns_ = ", ".join(f"{name} = i.{name}" for name in names if name != "capture_id")
    return _AMEND.format(table=table, columns=columns_, same=same)


def apply(
    db: DuckDBPyConnection, work: Plan, *, extractor_version: str, stage_missing: Callable[[], None]
) -> None:
    """Write a plan; `stage_missing` is called when the table `wanted` says what has to be staged.

    That comes first: the versions that are dropped may hold what is wanted.
    """
    if work.add:
        write(db, "CREATE OR REPLACE TEMP TABLE wanted AS SELECT * FROM incoming", work.add, columns.PLAN)
        stage_missing()
    write(db, _DROP, _keys(work.drop), columns.PLAN)
    write(db, _amend("release_versions", _PLACED, same=_SAME_VERSION), work.amend, columns.PLAN)
    marks = _amend("captures", columns.MARKS.names, same="v.capture_id = i.capture_id")
    write(db, marks, work.marks, columns.MARKS)
    if work.add:
        read = ", ".join(f"s.{name}" for name in columns.READ)
        placed = ", ".join(f"w.{name}" for name in _PLACED)
        # Through Arrow: straight from one table into the other, each thread of DuckDB would fill blocks of
        # every column for itself, the most memory that a load needs at one time.
        rows = arrow(db.execute(_ADD.format(read=read, placed=placed), [extractor_version]))
        insert_table(db, "release_versions", rows)


def _keys(rows: Iterable[Row]) -> list[Row]:
    return [{"release_id": row["release_id"], "capture_id": row["capture_id"]} for row in rows]
