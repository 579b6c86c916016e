"""Records without bytes of their own get the reading of the bytes they stand for."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.tables import column, showing

# What arrived first decides, so that a rebuild decides alike; the page's own bytes come first, because
# addresses inside a page are read against the page's own.
_RESOLVE: Final = """
CREATE OR REPLACE TEMP TABLE resolved AS
SELECT r.capture_id, any_value(r.page_name) AS page_name, any_value(r.family) AS family,
       any_value(r.sequence) AS sequence,
       min_by(struct_pack(capture_id := p.capture_id, content_hash := p.content_hash, reason := p.reason,
                          detail := p.detail),
              struct_pack(other := p.page <> r.page, p.sequence, p.warc_offset)) AS origin
FROM captures r
JOIN captures p ON p.digest = r.digest AND p.family = r.family AND p.verdict IN ('good', 'unreadable')
WHERE r.verdict = 'unchanged' AND r.reading_id IS NULL AND r.family IN ('release', 'listing')
GROUP BY r.capture_id
"""
_ADOPT: Final = """
UPDATE captures SET reading_id = r.origin.capture_id, content_hash = r.origin.content_hash,
       reason = r.origin.reason, detail = r.origin.detail
FROM resolved r WHERE captures.capture_id = r.capture_id
"""
_LISTED: Final = """
INSERT INTO listings BY NAME
SELECT c.run_id, c.capture_id, l.listed_in, c.fetched_at, l.position, l.page, l.family, l.url, l.title,
       l.listed_on, l.categories
FROM resolved r
JOIN captures c ON c.capture_id = r.capture_id
JOIN listings l ON l.capture_id = r.origin.capture_id
WHERE r.family = 'listing'
"""
_EARLIER: Final = """
INSERT INTO affected SELECT page_name FROM resolved ANTI JOIN asked USING (sequence) WHERE family = 'release'
"""


def resolve(db: DuckDBPyConnection, sequences: Sequence[int]) -> None:
    """Give revisits their readings.

    Pages of which captures before these files got one only now are added to the table `affected`.
    """
    for statement in (_RESOLVE, _ADOPT, _LISTED):
        db.execute(statement)
    with showing(db, asked=column("sequence", sequences, pa.int32())):
        db.execute(_EARLIER)
    db.execute("DROP TABLE resolved")
