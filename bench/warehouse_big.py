"""An archive of many versions, written as rows: a million captures would measure the loader instead."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import pyarrow as pa
from duckdb import DuckDBPyConnection

from bench.warehouse_corpus import Corpus, Made, row
from bench.warehouse_log import address
from warehouse import Store, duplicates, search
from warehouse.columns import PLACED, READ, schema

_BATCH = 20_000
_ROWS = schema({"release_id": pa.string(), **READ, **PLACED, "extractor_version": pa.string()})


def releases_of(count: int, most: int) -> list[Made]:
    """The first releases of the corpus of that size."""
    return list(islice(Corpus(count), most))


def build(archive: Store, releases: int, versions: int) -> Iterator[tuple[str, float]]:
    """Write the archive; after each part its name and the seconds it took."""
    with archive.draft() as draft:
        db = draft.db
        begun = time.perf_counter()
        ids = _write(db, releases, versions)
        db.execute("INSERT INTO meta VALUES ('extractor_version', 'bench')")
        db.execute(_CAPTURES)
        yield "versions and captures", time.perf_counter() - begun
        for label, job in (("search index", search.update), ("duplicates", duplicates.update)):
            begun = time.perf_counter()
            job(db, ids)
            yield label, time.perf_counter() - begun


# The least that the archive's own checks and the next load need to know of each capture.
_CAPTURES = """
INSERT INTO captures BY NAME
SELECT capture_id, url, url AS page, fetched_at, 200 AS status, 'good' AS verdict, 'release' AS family,
       split_part(release_id, '-', 2) AS page_name, content_hash, release_id, version, change, capture_id AS
       reading_id, capture_id AS digest, 'loaded' AS outcome, FALSE AS revisit, 0 AS sequence, 'bench' AS
       run_id FROM (SELECT *, valid_from AS fetched_at FROM release_versions)
"""


def _write(db: DuckDBPyConnection, releases: int, versions: int) -> list[str]:
    """Rows of `release_versions`, spread so that some releases have many versions; ids of the releases."""
    ids: list[str] = []
    batch: list[dict[str, Any]] = []
    for place, made in enumerate(Corpus(releases)):
        many = (place + 1) * versions // releases - place * versions // releases
        ids.append(made.release_id)
        batch += [
            row(made, version=number, versions=many) | {"url": address(made)} for number in range(1, many + 1)
        ]
        if len(batch) >= _BATCH:
            _insert(db, batch)
            batch.clear()
    _insert(db, batch)
    return ids


def _insert(db: DuckDBPyConnection, batch: Sequence[dict[str, Any]]) -> None:
    db.register("batch_now", pa.Table.from_pylist(list(batch), _ROWS))
    db.execute("INSERT INTO release_versions BY NAME SELECT * FROM batch_now")
    db.unregister("batch_now")
