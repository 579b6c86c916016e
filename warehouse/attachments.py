"""Files that releases link to: their text into `documents` and `attachment_texts`, so that search finds it.

Everything here follows from the captures: which bytes stood last behind an address, and what they say. So
it does not matter whether files came before, with or after the pages that link to them.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import pyarrow as pa
from duckdb import DuckDBPyConnection

from sources.confined import File, read_documents
from sources.documents import DocumentText
from warehouse import search
from warehouse.columns import schema
from warehouse.crew import Spread, chunks
from warehouse.files import ADDRESS
from warehouse.follow import Follow
from warehouse.memory import Relieve
from warehouse.readings import Readable
from warehouse.tables import column, fetch, insert, showing

_DOCUMENTS: Final = schema(
    {"digest": pa.string(), "pages": pa.int32(), "note": pa.string(), "text": pa.string()}
)
_AT_ONCE: Final = 8
"""Files of up to 50 MB each are in memory together, here and in the processes that read them."""
_TOGETHER: Final = 4
"""So many are read by one process, for its start costs as much as a short file."""
# What arrived first decides which record is read, so that a rebuild reads the same one.
_UNREAD: Final = """
SELECT digest,
       min_by(struct_pack(warc_file, warc_offset, media_type), struct_pack(sequence, warc_offset)) AS place
FROM captures ANTI JOIN documents USING (digest)
WHERE family = 'file' AND verdict = 'good' GROUP BY digest ORDER BY digest
"""
_NOW: Final = f"""
CREATE OR REPLACE TEMP TABLE files_now AS
WITH seen AS (
    SELECT
        page AS url, digest, capture_id, fetched_at, sequence, warc_offset,
        digest IS DISTINCT FROM lag(digest) OVER in_time AS fresh
    FROM captures SEMI JOIN documents USING (digest)
    WHERE family = 'file' AND verdict IN ('good', 'unchanged')
    WINDOW in_time AS (PARTITION BY page ORDER BY fetched_at, sequence, warc_offset)
),
last AS (
    SELECT
        url, max_by(digest, struct_pack(fetched_at, sequence, warc_offset)) AS digest,
        max_by(capture_id, struct_pack(fetched_at, sequence, warc_offset)) FILTER (fresh) AS capture_id
    FROM seen GROUP BY url
)
SELECT DISTINCT r.release_id, r.url, l.digest, l.capture_id
FROM (SELECT release_id, unnest(attachments).url AS url FROM release_versions WHERE valid_to IS NULL) r
JOIN last l ON l.url = {ADDRESS.format(url="r.url")}
"""  # noqa: S608 - a constant of ours
_CHANGED: Final = """
SELECT DISTINCT release_id FROM (
    (FROM files_now EXCEPT FROM attachment_files) UNION ALL (FROM attachment_files EXCEPT FROM files_now)
) ORDER BY release_id
"""
_REPLACE: Final = """
DELETE FROM attachment_files WHERE release_id IN (FROM files_changed);
DELETE FROM attachment_texts WHERE release_id IN (FROM files_changed);
INSERT INTO attachment_files FROM files_now SEMI JOIN files_changed USING (release_id);
INSERT INTO attachment_texts
SELECT n.release_id, n.url, replace(d."text", chr(12), chr(10))
FROM files_now n SEMI JOIN files_changed c ON c.release_id = n.release_id
JOIN documents d ON d.digest = n.digest WHERE d."text" <> '';
"""


def follower(log: Readable) -> Follow:
    """A follower that reads new files from `log` and tells `search` of releases that only gained a file."""

    def refresh(db: DuckDBPyConnection, touched: Sequence[str], spread: Spread, relieve: Relieve) -> None:
        _read(db, log, spread)
        db.execute(_NOW)
        changed = [row["release_id"] for row in fetch(db, _CHANGED)]
        if changed:
            _replace(db, changed)
            search.update(db, sorted(set(changed) - set(touched)), spread, relieve)
        db.execute("DROP TABLE files_now")

    return refresh


def _read(db: DuckDBPyConnection, log: Readable, spread: Spread) -> None:
    """Read the files that were never read; one that cannot be read is a row with a note."""
    for several in chunks(fetch(db, _UNREAD), _AT_ONCE):
        files = [_file(log, row["place"]) for row in several]
        said = chain.from_iterable(spread(read_documents, chunks(files, _TOGETHER)))
        insert(db, "documents", [_row(*one) for one in zip(several, said, strict=True)], _DOCUMENTS)


def _file(log: Readable, place: dict[str, Any]) -> File:
    return log.payload(place["warc_file"], place["warc_offset"]), place["media_type"]


def _row(unread: dict[str, Any], said: DocumentText) -> dict[str, Any]:
    return {"digest": unread["digest"], "pages": said.pages, "note": said.note, "text": said.text}


def _replace(db: DuckDBPyConnection, changed: Sequence[str]) -> None:
    with showing(db, files_changed=column("release_id", changed)):
        for statement in _REPLACE.split(";\n"):
            if statement.strip():
                db.execute(statement)
