"""Reading the archive: what `moej show`, `history`, `sql` and `status` and the collector ask of it.

A reader holds the file that was there when it was opened, to the end; open again to see what was loaded
since. An archive that an older program made is read as far as it goes; leaving the block by what it lacks is
a `Stop` that says how to bring it up to date.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb

from extractors.errors import Stop, Usage
from sources.captures import Known
from sources.urls import Site
from warehouse.migrate import migrations, outdated, refuse_newer
from warehouse.runs import LATEST, RUNS, in_order, latest, of
from warehouse.stores.archive import attach
from warehouse.stores.draft import Place
from warehouse.stores.lake import Lake
from warehouse.tables import fetch, one

# The validators of any answer about these bytes will do: a 304 need not repeat them.
_KNOWN: Final = """
WITH held AS (
    SELECT page, max_by(struct_pack(capture_id, url, fetched_at, digest, warc_file),
                        struct_pack(fetched_at, sequence, warc_offset)) AS held
    FROM captures WHERE verdict IN ('good', 'unreadable') GROUP BY page
)
SELECT page, held.warc_file AS warc_file, held.digest AS digest, held.capture_id AS capture_id,
       held.url AS url, held.fetched_at AS fetched_at,
       max(c.fetched_at) AS asked_at,
       max_by(c.etag, c.fetched_at) FILTER (c.digest = held.digest AND c.etag IS NOT NULL) AS etag,
       max_by(c.last_modified, c.fetched_at)
           FILTER (c.digest = held.digest AND c.last_modified IS NOT NULL) AS last_modified
FROM held JOIN captures c USING (page) GROUP BY page, held
"""
_FIND: Final = """
SELECT release_id, title FROM releases
WHERE release_id = $id OR url = $id OR starts_with(release_id, $id) OR substr(release_id, 10) = $id
   OR release_id IN (SELECT release_id FROM duplicates WHERE kind = 'alias' AND other_id = $id)
ORDER BY release_id = $id DESC, release_id DESC LIMIT 6
"""
_PLACE: Final = """
SELECT p.warc_file, p.warc_offset, p.capture_id
FROM captures c JOIN captures p ON p.capture_id = coalesce(c.reading_id, c.capture_id)
WHERE c.capture_id = ?
"""
_READ_FROM: Final = """
SELECT max_by(capture_id, version) FROM release_versions
WHERE release_id = ? AND version <= ? AND change <> 'attachment'
"""
_STATUS: Final = """
SELECT (SELECT count(*) FROM releases) AS releases,
       (SELECT count(*) FROM releases WHERE withdrawn_at IS NOT NULL) AS withdrawn,
       (SELECT count(*) FROM releases WHERE jcm_role = 'subject') AS jcm_announcements,
       (SELECT max(published_on) FROM releases) AS newest,
       (SELECT count(*) FROM release_versions) AS versions,
       (SELECT count(*) FROM captures) AS captures,
       (SELECT max(fetched_at) FROM captures) AS last_capture_at,
       (SELECT max(finished_at) FROM run_notes WHERE kind = 'run' AND status = 'done') AS last_good_run_at,
       (SELECT count(*) FROM quarantine WHERE resolved_at IS NULL) AS quarantined,
       (SELECT count(*) FROM warc_files) AS files,
       (SELECT coalesce(max(sequence), 0) FROM warc_files) AS last_file,
       (SELECT value FROM meta WHERE key = 'extractor_version') AS extractor_version,
       (SELECT max(number) FROM migrations) AS migration
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """A read-only connection `db` and the questions that more than one command asks."""

    source: Place
    db: duckdb.DuckDBPyConnection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        missing = isinstance(error, duckdb.BinderException | duckdb.CatalogException)
        old = outdated(self.db, migrations()) if missing else None
        self.close()
        if old is not None:
            raise Stop(old) from error
        if (lost := _lost(self.source, error)) is not None:
            raise lost from None

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()

    def statements(self, query: str) -> list[duckdb.Statement]:
        """The statements of a text, for `sql`; `Usage` with what DuckDB says where one cannot be parsed."""
        try:
            return self.db.extract_statements(query)
        except duckdb.Error as error:
            raise Usage(str(error).strip()) from error

    def sql(
        self, query: str | duckdb.Statement, parameters: Sequence[object] = ()
    ) -> duckdb.DuckDBPyConnection:
        """Run any SQL that reads; take the result as `.fetchall()`, `.to_arrow_table()`, `.pl()` or `.df()`.

        `Usage` with what DuckDB says where the statement is wrong, or tries to write.
        """
        try:
            return self.db.execute(query, list(parameters))
        except duckdb.Error as error:
            old = outdated(self.db, migrations())
            raise Usage(str(error).strip() + (f" ({old})" if old else "")) from error

    def rows(
        self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries, times aware and in UTC."""
        return fetch(self.db, query, parameters)

    def known(self, *, here: Collection[str] | None = None) -> dict[str, Known]:
        """What the archive knows of each page that ever gave bytes: enough to ask conditionally.

        `here` are the files of our raw archive, where not all need be: pages whose bytes are elsewhere are
        left out, for a "not modified" about them would stand for bytes that this raw archive does not hold.
        """
        found = {}
        for row in fetch(self.db, _KNOWN):
            file = row.pop("warc_file")
            if here is None or file in here:
                found[row["page"]] = Known(**row)
        return found

    def resolve(self, given: str) -> str:
        """The release id that is meant by an id, the unique beginning of one, a page name or an address.

        An address may be spelled in any way that leads to the page, and be one it once had.
        """
        meant = Site().canonical(given) if "://" in given else given.strip()
        found = self.db.execute(_FIND, {"id": meant}).fetchall()
        if not found or not meant:
            raise Usage(
                f"no release {given!r}; ids look like 20250630-press_00177, and `moej search` finds them"
            )
        if len(found) == 1 or found[0][0] == meant:
            return str(found[0][0])
        some = "; ".join(f"{release_id} {title}" for release_id, title in found[:5])
        more = " …" if len(found) > 5 else ""  # noqa: PLR2004 - one more than is shown was asked for
        raise Usage(f"{given!r} may mean several releases: {some}{more}; give more of the id")

    def release(self, given: str, *, at: datetime | None = None) -> dict[str, Any]:
        """The release as it is, or as it was known at a time; `Usage` if it was not known then."""
        release_id = self.resolve(given)
        if at is None:
            return self.rows("SELECT * FROM releases WHERE release_id = ?", [release_id])[0]
        rows = self.rows("SELECT * FROM releases_as_of(?) WHERE release_id = ?", [at, release_id])
        if not rows:
            raise Usage(
                f"{release_id} was not known at {at.isoformat()}; `moej history {release_id}` says since when"
            )
        return rows[0]

    def history(self, given: str) -> list[dict[str, Any]]:
        """All versions of a release, oldest first, every column."""
        query = "SELECT * FROM release_versions WHERE release_id = ? ORDER BY version"
        return self.rows(query, [self.resolve(given)])

    def version(self, given: str, number: int) -> dict[str, Any]:
        """One version; `Usage` with the numbers there are."""
        history = self.history(given)
        if not 1 <= number <= len(history):
            raise Usage(f"{history[0]['release_id']} has versions 1 to {len(history)}, not {number}")
        return history[number - 1]

    def replaced(self, release_id: str) -> dict[int, dict[str, Any]]:
        """By version: the file whose replacement began it, as in `attachment_changes`."""
        rows = self.rows("SELECT * FROM attachment_changes WHERE release_id = ?", [release_id])
        return {row["version"]: row for row in rows}

    def read_from(self, release_id: str, version: int) -> str:
        """The capture of the page that a version's text was read from; a replaced file left it as it was."""
        return str(one(self.db, _READ_FROM, [release_id, version]))

    def place(self, capture_id: str) -> tuple[str, int]:
        """Where in the log the bytes lie that a capture was read from: file and offset."""
        rows = self.rows(_PLACE, [capture_id])
        if not rows:
            raise Usage(f"no capture {capture_id!r}")
        return str(rows[0]["warc_file"]), int(rows[0]["warc_offset"])

    def status(self, *, runs: int = 5) -> dict[str, Any]:
        """The archive in figures, its last runs, and what is in quarantine (the ten latest)."""
        status = self.rows(_STATUS)[0]
        status["bytes"] = self.bytes()
        status["runs"] = self.runs(runs)
        status["in_quarantine"] = self.rows(
            "SELECT * FROM quarantine WHERE resolved_at IS NULL ORDER BY seen_at DESC, capture_id LIMIT 10"
        )
        return status

    def bytes(self) -> int:
        """Size of the archive: of its file, or of all live files of the lake."""
        if isinstance(self.source, Lake):
            size = "SELECT sum(file_size_bytes + delete_file_size_bytes) FROM ducklake_table_info('archive')"
            return int(one(self.db, size) or 0)
        return self.source.stat().st_size

    def runs(self, limit: int) -> list[dict[str, Any]]:
        """The last runs with the counts of their ledger, newest first; see `warehouse.runs`."""
        ids = [row["run_id"] for row in self.rows(LATEST, latest(limit))]
        return in_order(self.rows(RUNS, of(ids)), ids)

    def loaded_files(self) -> frozenset[str]:
        """Names of the files of the log that this archive was made from."""
        return frozenset(row["name"] for row in self.rows("SELECT name FROM warc_files"))

    def extractor_version(self) -> str | None:
        """The version of the extractor that read it; None for an archive without a load."""
        version = one(self.db, "SELECT value FROM meta WHERE key = 'extractor_version'")
        return None if version is None else str(version)


def open_archive(place: Place) -> Reader:
    """Read the archive at a place; `Stop` if there is none, it is damaged, or a newer program made it."""
    if isinstance(place, Path) and not place.exists():
        raise Stop(f"no archive at {place}; `moej run` or `moej import` makes one, `moej demo` shows how")
    try:
        db = attach(place)
    except duckdb.Error as error:
        raise Stop(
            f"{place} does not open ({error}); `moej rebuild` makes it again from the raw archive"
        ) from error
    try:
        refuse_newer(db, migrations())
    except BaseException as error:
        db.close()
        if (lost := _lost(place, error)) is not None:
            raise lost from None
        raise
    return Reader(place, db)


def _lost(place: Place, error: BaseException | None) -> Stop | None:
    """What to say where the way to a lake or its files is lost."""
    # An error without a kind is one of PostgreSQL's: it went while it was asked.
    if isinstance(place, Lake) and (isinstance(error, duckdb.IOException) or type(error) is duckdb.Error):
        return Stop(f"{place} cannot be read: {place.explained(error)}")
    return None
