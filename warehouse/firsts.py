"""New pages that showed one thing ever since: their releases begin in one statement, whatever their number.

In a rebuild most pages are such. The timeline would say no more of them than that one version began with
the first capture and goes on, and would take several times as long to say it. Whatever is less plain is left
to it: other bytes, a page that was gone, another address of it, files that were replaced, bytes that were
read in another load.
"""

from collections.abc import Iterator
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse import columns, memory
from warehouse.files import LINKS, VARIED
from warehouse.memory import Relieve
from warehouse.tables import arrow, insert_table, one

BATCH: Final = 2_048
"""Readings at a time: some 10 MB of text."""
_BEGUN: Final = f"""
CREATE OR REPLACE TEMP TABLE begun AS
WITH fresh AS (
    SELECT page_name, min(page) AS page,
           min_by(struct_pack(capture_id, reading_id, fetched_at),
                  struct_pack(fetched_at, sequence, warc_offset)) AS seen
    FROM captures SEMI JOIN affected USING (page_name)
    GROUP BY page_name
    HAVING count(*) = count(content_hash) FILTER (verdict IN ('good', 'unchanged') AND release_id IS NULL)
       AND min(content_hash) = max(content_hash) AND min(page) = max(page)
),
varied AS (
    SELECT reading_id, page FROM (SELECT reading_id, page, unnest({LINKS}) AS link FROM staged) s
    SEMI JOIN ({VARIED}) v ON v.page = s.link
)
SELECT s.rowid AS place, f.page_name, f.seen.capture_id AS capture_id, f.seen.fetched_at AS since,
       strftime(s.published_on, '%Y%m%d') || '-' || f.page_name AS release_id
FROM fresh f JOIN staged s ON s.reading_id = f.seen.reading_id AND s.page = f.page
ANTI JOIN varied v ON v.reading_id = s.reading_id AND v.page = s.page
"""  # noqa: S608 - constants of ours
_LEFT: Final = "SELECT DISTINCT page_name FROM affected ANTI JOIN begun USING (page_name) ORDER BY ALL"
_ADD: Final = f"""
SELECT b.release_id, {", ".join(f"s.{name}" for name in columns.READ)}, s.content_hash, b.capture_id,
       1 AS version, 1 AS versions, 'created' AS change, b.since AS first_seen_at, b.since AS valid_from,
       $version AS extractor_version
FROM begun b
JOIN staged s ON s.rowid = b.place
WHERE s.rowid BETWEEN $first AND $last
"""  # noqa: S608 - columns of ours
_MARK: Final = """
UPDATE captures SET release_id = b.release_id, version = 1, reason = NULL,
    change = CASE WHEN captures.capture_id = b.capture_id THEN 'created' END,
    outcome = CASE WHEN captures.capture_id = b.capture_id THEN 'loaded' ELSE 'unchanged' END
FROM begun b WHERE captures.page_name = b.page_name
"""


def begin(db: DuckDBPyConnection, relieve: Relieve, *, extractor_version: str) -> list[str]:
    """Begin the releases of such pages in the table `affected`, noting them in `added`; the other names."""
    db.execute(_BEGUN)
    left = db.execute(_LEFT).fetchall()
    begun, written = int(one(db, "SELECT count(*) FROM begun")), 0
    # Nothing was staged or added since: there is nothing to write out.
    memory.relieve(db, begun)
    for first, last in _parts(db):
        # Through Arrow, see `places.apply`.
        given = {"version": extractor_version, "first": first, "last": last}
        rows = arrow(db.execute(_ADD, given))
        insert_table(db, "release_versions", rows)
        written += rows.num_rows
        relieve(rows.num_rows)
    db.execute(_MARK)
    db.execute("INSERT INTO added SELECT release_id, capture_id FROM begun; DROP TABLE begun")
    # Marked as begun but not written they would be lost, and no later load would look for them.
    if written != begun:
        raise LookupError(f"{begun} releases begin, and {written} of their readings are staged")
    return [name for (name,) in left]


def _parts(db: DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """The first and the last row of each so many readings, in the order in which they were staged.

    They count without a gap only where all rows are written out, or none: the others have numbers from 2**55
    on.
    """
    for first, last in db.execute("SELECT min(rowid), max(rowid) FROM staged").fetchall():
        for start in range(first, last + 1, BATCH) if first is not None else ():
            yield start, start + BATCH - 1
