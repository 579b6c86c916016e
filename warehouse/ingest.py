"""Portions of the log into `captures`, `listings`, `failures`, `run_notes` and the staged readings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from extractors.release import Listing, Unreadable
from sources.captures import Capture, Failure, Held, RunNote
from sources.urls import MINISTRY, Site, family, page_name
from warehouse import columns
from warehouse.portions import Portion
from warehouse.readings import Reading, Staged
from warehouse.tables import execute_on, fetch_of, insert, insert_table, write

NOT_ASKED: Final = frozenset({"robots", "elsewhere"})
"""Reasons in the log for pages that were left out on purpose; all others are pages that did not answer."""

_HOPS: Final = 10
_PLAIN: Final = {one.name for one in fields(Capture)} - {"verdict"}
_STATIC_REASONS: Final = frozenset({"blocked", "maintenance", "truncated", "error"})


def stage(db: DuckDBPyConnection, *, temporary: bool) -> None:
    """Make the table that holds readings until the timeline says which of them begin a version."""
    kind = "TEMP TABLE" if temporary else "TABLE"
    statement = f"CREATE OR REPLACE {kind} staged AS SELECT * FROM incoming"  # noqa: S608 - one of two words
    execute_on(db, statement, columns.READINGS.empty_table())


def ingest(db: DuckDBPyConnection, portion: Portion) -> set[str]:
    """Write what a portion of the log holds, its payloads read; the runs it speaks of."""
    _captures(db, portion, sites=_sites(db, portion))
    insert(db, "failures", [_failure(one) for one in portion.failures], columns.FAILURES)
    _notes(db, portion.notes.values())
    files = [{name: getattr(file, name) for name in columns.WARC_FILES.names} for file in portion.files]
    insert(db, "warc_files", files, columns.WARC_FILES)
    return set(portion.notes) | {one.run_id for one in portion.failures}


def _sites(db: DuckDBPyConnection, portion: Portion) -> dict[str, Site]:
    """Where each run reached the site; one that goes on in another portion or file named it in the first."""
    runs = {held.capture.run_id for held, _ in portion.held}
    named = {run: note.site for run, note in portion.notes.items()}
    if runs - set(named):
        query = "SELECT run_id, site FROM run_notes SEMI JOIN asked USING (run_id)"
        known = fetch_of(db, query, "run_id", runs)
        named = {row["run_id"]: row["site"] for row in known} | named
    return {run: Site(named[run]) if run in named else Site() for run in runs}


def _captures(db: DuckDBPyConnection, portion: Portion, *, sites: dict[str, Site]) -> None:
    fresh = _unknown(db, portion.held)
    ids = {held.capture.capture_id for held, _ in fresh}
    # A capture that the archive holds already was read all the same: it is seldom, and to ask first would
    # keep the readers waiting for the portion before this one.
    readings = {one.capture_id: one for one in portion.readings if one.capture_id in ids}
    captures = [held.capture for held, _ in fresh]
    rows = [_row(held.capture, sequence, sites[held.capture.run_id]) for held, sequence in fresh]
    for capture, row in zip(captures, rows, strict=True):
        _settle(row, readings.get(capture.capture_id))
    _chase(captures, rows)
    insert_table(db, "captures", _table(captures, rows))
    released = [one.result.row for one in readings.values() if isinstance(one.result, Staged)]
    insert(db, "staged", released, columns.READINGS)
    found = (_items(held.capture, readings, sites[held.capture.run_id]) for held, _ in fresh)
    insert(db, "listings", list(chain.from_iterable(found)), columns.LISTINGS)


def _unknown(db: DuckDBPyConnection, several: Sequence[tuple[Held, int]]) -> list[tuple[Held, int]]:
    """Captures not in the archive yet, each once: a record that was copied into the log twice counts once."""
    once: dict[str, tuple[Held, int]] = {}
    for held, sequence in several:
        once.setdefault(held.capture.capture_id, (held, sequence))
    query = "SELECT capture_id FROM captures SEMI JOIN asked USING (capture_id)"
    known = {row["capture_id"] for row in fetch_of(db, query, "capture_id", once)}
    return [found for capture_id, found in once.items() if capture_id not in known]


def _row(capture: Capture, sequence: int, site: Site) -> dict[str, Any]:
    """What is added to a capture; the rest is taken from it column by column."""
    spelled = MINISTRY + capture.url[len(site.base) :] if capture.url.startswith(site.base) else capture.url
    row: dict[str, Any] = {
        "verdict": capture.verdict,
        "sequence": sequence,
        "page_name": page_name(capture.page) if capture.family == "release" else None,
        "alias": spelled if spelled != capture.page and site.owns(capture.url) else None,
        "target": site.canonical(capture.location, base=capture.url) if capture.location else None,
    }
    if capture.verdict in _STATIC_REASONS:
        row["reason"] = f"HTTP {capture.status}" if capture.verdict == "error" else capture.verdict
        row["detail"] = capture.truncated or f"HTTP {capture.status}, {capture.bytes} bytes"
    return row


def _table(captures: Sequence[Capture], rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Captures and what was added to them, as rows of `captures`."""
    # On a day without news no page was read anew, and most columns hold nothing.
    added: set[str] = set().union(*rows)
    arrays = [
        pa.array(map(attrgetter(one.name), captures), one.type, size=len(rows))
        if one.name in _PLAIN
        else pa.array([row.get(one.name) for row in rows], one.type)
        if one.name in added
        else pa.nulls(len(rows), one.type)
        for one in columns.CAPTURES
    ]
    return pa.table(arrays, schema=columns.CAPTURES)


def _chase(captures: Sequence[Capture], rows: Sequence[dict[str, Any]]) -> None:
    """Follow redirects: where each ends, and who was led where; a chain stands together in the log."""
    leads: dict[tuple[str, str], str] = {}
    led_by: dict[tuple[str, str], str] = {}
    for capture, row in zip(captures, rows, strict=True):
        # Only what comes after the redirect was led by it; before, the page was asked for itself.
        row["led_by"] = led_by.get((capture.run_id, capture.page))
        if row["target"] not in {None, capture.page}:
            leads[capture.run_id, capture.page] = row["target"]
            led_by[capture.run_id, row["target"]] = capture.page
    if not leads:
        return
    for capture, row in zip(captures, rows, strict=True):
        for _ in range(_HOPS):
            row["target"] = leads.get((capture.run_id, row["target"]), row["target"])


def _settle(row: dict[str, Any], reading: Reading | None) -> None:
    """Add to a row of `captures` what its bytes were read as."""
    if reading is None:
        return
    row["reading_id"] = reading.capture_id
    match reading.result:
        case Unreadable() as unreadable:
            row |= {"verdict": "unreadable", "reason": unreadable.reason, "detail": unreadable.detail}
        case Staged() as staged:
            row["template"] = staged.template
            row["filled"] = [name for name in columns.FILLABLE if staged.row[name]]
            row["content_hash"] = staged.row["content_hash"]


def _items(capture: Capture, readings: dict[str, Reading], site: Site) -> Iterator[dict[str, Any]]:
    reading = readings.get(capture.capture_id)
    if reading is None or not isinstance(reading.result, Listing):
        return
    for position, item in enumerate(reading.result.items):
        page = site.canonical(item.url, base=capture.page)
        yield {
            "run_id": capture.run_id,
            "capture_id": capture.capture_id,
            "listed_in": capture.page,
            "fetched_at": capture.fetched_at,
            "position": position,
            "page": page,
            "family": family(page),
            "url": item.url,
            "title": item.title,
            "listed_on": item.published_on,
            "categories": item.categories,
        }


def _failure(one: Failure) -> dict[str, Any]:
    return {
        "run_id": one.run_id,
        "page": one.page,
        "failed_at": one.at,
        "outcome": "not fetched" if one.reason in NOT_ASKED else "failed",
        "reason": one.reason,
        "detail": one.detail,
    }


def _notes(db: DuckDBPyConnection, notes: Iterable[RunNote]) -> None:
    """Keep one note a run: the one with an end, or else the first."""
    rows = [asdict(note) for note in notes]
    write(
        db,
        "DELETE FROM run_notes USING incoming i "
        "WHERE run_notes.run_id = i.run_id AND run_notes.finished_at IS NULL AND i.finished_at IS NOT NULL",
        rows,
        columns.RUN_NOTES,
    )
    write(
        db,
        "INSERT INTO run_notes BY NAME SELECT * FROM incoming ANTI JOIN run_notes USING (run_id)",
        rows,
        columns.RUN_NOTES,
    )
