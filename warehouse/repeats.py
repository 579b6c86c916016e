"""Pages that only showed again what they showed last: settled in one statement, whatever their number.

On most days nearly all pages are such. The timeline would say no more of them than that their version goes
on, and would take a hundred times as long to say it. Whatever is less plain is left to it: other bytes, a
page that was gone, another address of it, a capture older than one that was known, files that were replaced.
"""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.tables import column, showing

_REPEATED: Final = """
CREATE OR REPLACE TEMP TABLE repeated AS
WITH fresh AS (
    SELECT page_name, min(page) AS page, min(content_hash) AS content_hash, min(fetched_at) AS since,
           min(sequence) AS lowest
    FROM captures SEMI JOIN loading USING (sequence) WHERE family = 'release'
    GROUP BY page_name
    HAVING count(*) = count(content_hash) FILTER (verdict IN ('good', 'unchanged'))
       AND min(content_hash) = max(content_hash) AND min(page) = max(page)
),
known AS (
    SELECT page_name, max(fetched_at) AS until, max(sequence) AS highest,
           count(content_hash) FILTER (release_id IS NULL) AS unsettled,
           max(struct_pack(fetched_at, sequence, warc_offset)) FILTER (release_id IS NOT NULL) AS latest
    FROM captures SEMI JOIN fresh USING (page_name) ANTI JOIN loading USING (sequence) GROUP BY page_name
),
before AS (
    SELECT k.page_name, k.until, k.highest, k.unsettled, c.release_id, c.content_hash, c.page
    FROM known k JOIN captures c ON c.sequence = k.latest.sequence AND c.warc_offset = k.latest.warc_offset
)
SELECT f.page_name, v.release_id, v.version
FROM fresh f
JOIN before b USING (page_name)
JOIN release_versions v ON v.release_id = b.release_id AND v.valid_to IS NULL
ANTI JOIN affected a ON a.page_name = f.page_name
WHERE b.unsettled = 0 AND f.since > b.until AND f.lowest > b.highest AND f.since > v.valid_from
  AND b.page = f.page AND b.content_hash = f.content_hash AND v.content_hash = f.content_hash
  AND v.change <> 'withdrawn'
"""
_SETTLE: Final = """
UPDATE captures SET release_id = r.release_id, version = r.version, outcome = 'unchanged', reason = NULL
FROM repeated r
WHERE captures.page_name = r.page_name AND captures.outcome IS NULL
"""
_UNSETTLED: Final = """
INSERT INTO affected SELECT page_name FROM captures SEMI JOIN loading USING (sequence)
WHERE family = 'release' AND outcome IS NULL
"""


def settle(db: DuckDBPyConnection, sequences: Sequence[int]) -> None:
    """Mark the captures in these files of the log that only repeat what their page showed last.

    Pages in the table `affected` are left out: their history changes for another reason. Captures that are
    left have no outcome.
    """
    with showing(db, loading=column("sequence", sequences, pa.int32())):
        db.execute(_REPEATED)
    db.execute(_SETTLE)
    db.execute("DROP TABLE repeated")


def unsettled(db: DuckDBPyConnection, sequences: Sequence[int]) -> None:
    """Add to the table `affected` the pages that captures in these files touch and that are not settled."""
    with showing(db, loading=column("sequence", sequences, pa.int32())):
        db.execute(_UNSETTLED)
