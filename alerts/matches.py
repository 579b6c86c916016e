"""For which versions the conditions of rules hold, among the releases of some changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import duckdb

from alerts.changes import Change, Key
from alerts.where import columns
from warehouse.tables import column, showing

Changed = TypeVar("Changed", bound=Change)

# A condition that fails on some row (a text cast to a number, say) would otherwise end the whole load.
_MATCHING: Final = """
SELECT release_id, version, TRY(({where}) IS NOT NULL) IS NULL AS broken
FROM (SELECT {names} FROM release_versions SEMI JOIN ids_now USING (release_id)) AS releases
WHERE coalesce(TRY(({where})), false) OR broken
"""


@dataclass(frozen=True, slots=True)
class Matches:
    """The versions by condition, and for how many each could not be computed; made by `of`."""

    found: Mapping[str, frozenset[Key]]
    broken: Mapping[str, int]

    @classmethod
    def of(
        cls, con: duckdb.DuckDBPyConnection, changes: Sequence[Change], conditions: Iterable[str]
    ) -> "Matches":
        """Ask checked conditions of all versions of the releases that changed."""
        names = ", ".join(columns())
        found: dict[str, frozenset[Key]] = {}
        broken: dict[str, int] = {}
        with showing(con, ids_now=column("release_id", sorted({one.release_id for one in changes}))):
            for where in set(conditions):
                rows = con.execute(_MATCHING.format(where=where, names=names)).fetchall()
                found[where] = frozenset((str(row[0]), int(row[1])) for row in rows if not row[2])
                broken[where] = len(rows) - len(found[where])
        return cls(found, broken)

    def concerned(self, changes: Iterable[Changed]) -> list[Changed]:
        """The changes of releases of which any version matches: of all others there is nothing to tell.

        What is known of them would take a kilobyte each, and in a first load everything is a change.
        """
        releases = {release for keys in self.found.values() for release, _ in keys}
        return [one for one in changes if one.release_id in releases]
