"""Other addresses of a release, as they came: redirects that lead to it, other spellings of its address."""

from collections.abc import Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from warehouse.crew import Spread
from warehouse.memory import Relieve, retain
from warehouse.tables import column, showing

# Only captures of pages that were placed anew can have come to another release. All others would be counted
# for the sake of those few, and there are millions.
_CONCERNED: Final = """
CREATE OR REPLACE TEMP TABLE concerned_now AS
SELECT release_id FROM asked
UNION
SELECT release_id FROM captures SEMI JOIN placed USING (page_name) WHERE release_id IS NOT NULL
"""
# A redirect names the page it leads to; the release is the one that page showed in the same run.
_NOW: Final = """
CREATE OR REPLACE TEMP TABLE aliases_now AS
SELECT DISTINCT release_id, alias AS other_id FROM captures WHERE alias IS NOT NULL AND release_id IS NOT NULL
UNION
SELECT t.release_id, coalesce(r.alias, r.page)
FROM captures r JOIN captures t ON t.run_id = r.run_id AND t.page = r.target AND t.release_id IS NOT NULL
WHERE r.verdict = 'redirect' AND coalesce(r.alias, r.page) <> r.target
UNION
SELECT v.release_id, v.page FROM captures v SEMI JOIN (
    SELECT release_id FROM captures SEMI JOIN concerned_now USING (release_id) WHERE family = 'release'
    GROUP BY release_id HAVING count(DISTINCT page) > 1
) m USING (release_id) ANTI JOIN releases r ON r.release_id = v.release_id AND r.url = v.page
"""


def refresh(
    db: DuckDBPyConnection,
    touched: Sequence[str],
    _spread: Spread = map,
    _relieve: Relieve = retain,
) -> None:
    """Bring the rows of kind `alias` in `duplicates` up to date; rows that stay are not touched.

    Reads the table `placed`, see `warehouse.follow`.
    """
    with showing(db, asked=column("release_id", touched)):
        db.execute(_CONCERNED)
    db.execute(_NOW)
    db.execute(
        "DELETE FROM duplicates d WHERE kind = 'alias' AND release_id IN (FROM concerned_now) "
        "AND NOT EXISTS (FROM aliases_now n WHERE n.release_id = d.release_id AND n.other_id = d.other_id)"
    )
    db.execute(
        "INSERT INTO duplicates SELECT release_id, other_id, 'alias', 1.0 FROM aliases_now n "
        "ANTI JOIN (FROM duplicates WHERE kind = 'alias') d USING (release_id, other_id)"
    )
    db.execute("DROP TABLE aliases_now; DROP TABLE concerned_now")
