"""What lists are made of, kept in memory for each state of the archive: the columns of a list, in its order.

In the file these columns lie compressed among the texts, and every list would be sorted anew. Kept in order,
the first page of a list is the first places that pass its filters. Some 600 bytes a release.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from web.asked import Asked

COLUMNS: Final = (
    "release_id",
    "url",
    "lang",
    "title",
    "published_on",
    "categories",
    "joint_with",
    "countries",
    "jcm_role",
    "jcm_kind",
    "jcm_countries",
    "jcm_projects",
    "jcm_tonnes",
    "version",
    "versions",
    "first_seen_at",
    "changed_at",
    "withdrawn_at",
)
# The place of a release is its `rowid` there: a column with numbers costs as much as all the rest.
_KEPT: Final = f"""
CREATE OR REPLACE TABLE memory.main.contents AS
SELECT rowid AS row_number, {", ".join(COLUMNS)}
FROM release_versions WHERE valid_to IS NULL ORDER BY published_on DESC, release_id DESC
"""  # noqa: S608 - columns of ours
_ROWS: Final = f"SELECT row_number, {', '.join(COLUMNS)} FROM memory.main.contents"  # noqa: S608 - as above
_LINKED: Final = "SELECT release_id FROM duplicates UNION SELECT other_id FROM duplicates"


@dataclass(frozen=True, slots=True)
class Contents:
    """`rows` in the order of a list, their places by id, and the ids that belong with others."""

    rows: pa.Table
    places: Mapping[str, int]
    linked: frozenset[str]

    def at(self, places: Any) -> list[dict[str, Any]]:
        """The rows at these places, as a list has them."""
        taken = self.rows.select(COLUMNS).take(places)
        found: list[dict[str, Any]] = taken.to_pylist(maps_as_pydicts="strict")
        return found

    def row_number(self, release_id: str) -> int | None:
        """Where the only version of a release lies in the file; None if there are several or none."""
        place = self.places.get(release_id)
        if place is None or self.rows["versions"][place].as_py() != 1:
            return None
        number: int = self.rows["row_number"][place].as_py()
        return number


def contents(asked: Asked) -> Contents:
    """The contents of the archive as it is now; read when they are first asked for."""
    return asked.memo.once("contents", lambda: _read(asked))


def _read(asked: Asked) -> Contents:
    # Not from Arrow: DuckDB would load all of pandas to look whether it is a data frame.
    asked.desk.table(_KEPT)
    rows = asked.desk.table(_ROWS).combine_chunks()
    places = {str(one): place for place, one in enumerate(rows["release_id"].to_pylist())}
    linked = frozenset(str(one["release_id"]) for one in asked.desk.rows(_LINKED))
    return Contents(rows, places, linked)
