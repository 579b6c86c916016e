"""Files that were replaced under the same link: which captures show it, and which pages they concern.

A file is another one where its bytes are: a 304, the same bytes again, or a verdict but `good` says nothing,
and its first capture is no change, since nobody knows what stood there before.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.tables import column, fetch_of, showing
from warehouse.timeline import Replaced

# Pages link to http, to the bare host, to a page of a file; captures stand under the one canonical address.
ADDRESS: Final = (
    "regexp_replace(regexp_replace({url}, '[?#].*$', ''), "
    "'^https?://(www[.])?env[.]go[.]jp/', 'https://www.env.go.jp/')"
)
"""A link as the canonical address of the file, in SQL."""
LINKS: Final = f"list_distinct(list_transform(attachments, lambda one: {ADDRESS.format(url='one.url')}))"
"""The files that a row of readings or versions links to."""

_HAD: Final = "family = 'file' AND verdict IN ('good', 'unchanged')"
_REPLACED: Final = f"""
SELECT capture_id, page AS url, fetched_at, sequence, warc_offset FROM (
    SELECT capture_id, page, fetched_at, sequence, warc_offset, digest,
           lag(digest) OVER (PARTITION BY page ORDER BY fetched_at, sequence, warc_offset) AS before
    FROM captures SEMI JOIN asked USING (page) WHERE {_HAD}
) WHERE before <> digest
"""  # noqa: S608 - constants of ours
_EVER_OTHERS: Final = f"SELECT page FROM {{}} WHERE {_HAD} GROUP BY page HAVING count(DISTINCT digest) > 1"  # noqa: S608 - constants of ours
VARIED: Final = _EVER_OTHERS.format("captures")
"""The files that were ever other ones."""
# Only a file that was ever another one can have changed what the archive says, which is rare.
_LOADED_NOW: Final = f"SELECT page FROM captures SEMI JOIN asked USING (sequence) WHERE {_HAD}"  # noqa: S608 - as above
_VARIED: Final = _EVER_OTHERS.format(f"captures SEMI JOIN ({_LOADED_NOW}) USING (page)")
_LINKING: Final = f"""
INSERT INTO affected SELECT page_name FROM captures SEMI JOIN (
    SELECT release_id FROM (SELECT release_id, unnest({LINKS}) AS page FROM release_versions)
    SEMI JOIN asked USING (page)
) USING (release_id) WHERE family = 'release'
"""  # noqa: S608 - constants of ours


def replacements(db: DuckDBPyConnection, urls: Iterable[str]) -> list[Replaced]:
    """Each time one of these files came with other bytes than before."""
    return [
        Replaced(row["capture_id"], row["url"], row["fetched_at"], (row["sequence"], row["warc_offset"]))
        for row in fetch_of(db, _REPLACED, "page", sorted(set(urls)))
    ]


def concerned(db: DuckDBPyConnection, sequences: Sequence[int]) -> None:
    """Add to `affected` the known pages whose history the files in these files of the log may change."""
    varied = fetch_of(db, _VARIED, "sequence", sequences, pa.int32())
    if varied:
        with showing(db, asked=column("page", [row["page"] for row in varied])):
            db.execute(_LINKING)
