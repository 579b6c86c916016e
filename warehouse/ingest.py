"""Files of the log into `captures`, `listings`, `failures`, `run_notes` and the staged readings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from duckdb import DuckDBPyConnection

from extractors.release import Listing, Release, Unreadable
from sources.captures import Capture, Entry, Failure, Held, RunNote
from sources.urls import MINISTRY, Site, family, page_name
from warehouse import columns
from warehouse.readings import Reading, Spread, Work
from warehouse.tables import fetch_of, insert, write

NOT_ASKED: Final = frozenset({"robots", "elsewhere"})
"""Reasons in the log for pages that were left out on purpose; all others are pages that did not answer."""

_BATCH: Final = 512
_BATCH_BYTES: Final = 32 << 20
_HOPS: Final = 10
_READ: Final = frozenset({"release", "listing"})
_PLAIN: Final = tuple(
    name for name in columns.CAPTURES.names if name in {one.name for one in fields(Capture)}
)
_STATIC_REASONS: Final = frozenset({"blocked", "maintenance", "truncated", "error"})


def stage(db: DuckDBPyConnection) -> None:
    """Make the temporary table that holds readings until the timeline says which of them begin a version."""
    db.register("incoming", columns.READINGS.empty_table())
    db.execute("CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM incoming")
    db.unregister("incoming")


def ingest(db: DuckDBPyConnection, entries: Iterable[Entry], *, sequence: int, spread: Spread) -> set[str]:
    """Write one file's entries, payloads read; the runs it speaks of."""
    notes: dict[str, RunNote] = {}
    failures: list[Failure] = []
    for batch in _batches(entries, notes, failures):
        _captures(db, batch, sequence=sequence, sites=_sites(db, batch, notes), spread=spread)
    insert(db, "failures", [_failure(one) for one in failures], columns.FAILURES)
    _notes(db, notes.values())
    return set(notes) | {one.run_id for one in failures}


def _batches(
    entries: Iterable[Entry], notes: dict[str, RunNote], failures: list[Failure]
) -> Iterator[list[Held]]:
    """Captures in portions that memory holds; notes and failures are put aside on the way."""
    batch: list[Held] = []
    size = 0
    for entry in entries:
        match entry:
            case RunNote():
                _note(notes, entry)
            case Failure():
                failures.append(entry)
            case Held():
                batch.append(entry)
                size += len(entry.payload or b"")
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _note(notes: dict[str, RunNote], note: RunNote) -> None:
    """A note with an end says all that one without says."""
    known = notes.get(note.run_id)
    if known is None or known.finished_at is None:
        notes[note.run_id] = note


def _sites(db: DuckDBPyConnection, batch: list[Held], notes: dict[str, RunNote]) -> dict[str, Site]:
    """Where each run reached the site; a run that rolled over to a second file named it in the first."""
    runs = {held.capture.run_id for held in batch}
    named = {run: note.site for run, note in notes.items()}
    if runs - set(named):
        query = "SELECT run_id, site FROM run_notes SEMI JOIN asked USING (run_id)"
        known = fetch_of(db, query, "run_id", runs)
        named = {row["run_id"]: row["site"] for row in known} | named
    return {run: Site(named[run]) if run in named else Site() for run in runs}


def _captures(
    db: DuckDBPyConnection, batch: list[Held], *, sequence: int, sites: dict[str, Site], spread: Spread
) -> None:
    fresh = _unknown(db, batch)
    works = [work for held in fresh if (work := _work(held)) is not None]
    readings = {reading.capture_id: reading for reading in spread(works)}
    rows = [_row(held.capture, sequence, sites[held.capture.run_id]) for held in fresh]
    for row in rows:
        _settle(row, readings.get(row["capture_id"]))
    _chase(rows)
    insert(db, "captures", rows, columns.CAPTURES)
    released = [reading_row(one) for one in readings.values()]
    insert(db, "staged", [row for row in released if row is not None], columns.READINGS)
    items = [item for held in fresh for item in _items(held.capture, readings, sites[held.capture.run_id])]
    insert(db, "listings", items, columns.LISTINGS)


def _unknown(db: DuckDBPyConnection, batch: list[Held]) -> list[Held]:
    """Captures not in the archive yet, each once: a record that was copied into the log twice counts once."""
    once = {held.capture.capture_id: held for held in reversed(batch)}
    known = fetch_of(
        db, "SELECT capture_id FROM captures SEMI JOIN asked USING (capture_id)", "capture_id", once
    )
    known_ids = {row["capture_id"] for row in known}
    return [
        held
        for held in batch
        if once.get(held.capture.capture_id) is held and held.capture.capture_id not in known_ids
    ]


def _work(held: Held) -> Work | None:
    capture = held.capture
    if held.payload is None or capture.verdict != "good" or capture.family not in _READ:
        return None
    return Work(
        capture.capture_id,
        capture.page,
        capture.family,
        capture.fetched_at,
        capture.media_type,
        capture.charset,
        held.payload,
    )


def _row(capture: Capture, sequence: int, site: Site) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(capture, name) for name in _PLAIN}
    spelled = MINISTRY + capture.url[len(site.base) :] if capture.url.startswith(site.base) else capture.url
    row |= {
        "sequence": sequence,
        "page_name": page_name(capture.page) if capture.family == "release" else None,
        "alias": spelled if spelled != capture.page and site.owns(capture.url) else None,
        "target": site.canonical(capture.location, base=capture.url) if capture.location else None,
    }
    if capture.verdict in _STATIC_REASONS:
        row["reason"] = f"HTTP {capture.status}" if capture.verdict == "error" else capture.verdict
        row["detail"] = capture.truncated or f"HTTP {capture.status}, {capture.bytes} bytes"
    return row


def _chase(rows: Sequence[dict[str, Any]]) -> None:
    """Follow redirects: where each ends, and who was led where; a chain stands together in the log."""
    leads: dict[tuple[str, str], str] = {}
    led_by: dict[tuple[str, str], str] = {}
    for row in rows:
        # Only what comes after the redirect was led by it; before, the page was asked for itself.
        row["led_by"] = led_by.get((row["run_id"], row["page"]))
        if row["target"] not in {None, row["page"]}:
            leads[row["run_id"], row["page"]] = row["target"]
            led_by[row["run_id"], row["target"]] = row["page"]
    for row in rows:
        for _ in range(_HOPS):
            row["target"] = leads.get((row["run_id"], row["target"]), row["target"])


def _settle(row: dict[str, Any], reading: Reading | None) -> None:
    """Add to a row of `captures` what its bytes were read as."""
    if reading is None:
        return
    row["reading_id"] = reading.capture_id
    match reading.result:
        case Unreadable() as unreadable:
            row |= {"verdict": "unreadable", "reason": unreadable.reason, "detail": unreadable.detail}
        case Release() as release:
            row["template"] = release.template
            row["filled"] = [name for name in columns.FILLABLE if getattr(release, name)]
            row["content_hash"] = reading.content_hash


def reading_row(reading: Reading) -> dict[str, Any] | None:
    """A row of staged readings; None for what is no release."""
    if not isinstance(reading.result, Release):
        return None
    release = reading.result
    row: dict[str, Any] = {name: getattr(release, name) for name in columns.READ}
    for name in ("facts", "contacts", "attachments", "links", "corrections"):
        row[name] = [asdict(one) for one in row[name]]
    return row | {
        "reading_id": reading.capture_id,
        "page": reading.page,
        "content_hash": reading.content_hash,
    }


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
