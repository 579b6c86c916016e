"""Files that were replaced under the same link between two versions: sizes, and how their texts differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from warehouse.differences.segments import Segment, diff
from warehouse.tables import fetch

LONGEST: Final = 50_000
"""Characters of a file's text that are compared; of a whole white paper nobody reads a diff."""

REPLACED: Final = """
SELECT c.url, c.before, c."after", c.bytes_before, c.bytes_after, t.title, b.note AS note_before,
       a.note AS note_after, b."text" AS text_before, a."text" AS text_after
FROM (
    SELECT release_id, url, min_by(before, version) AS before, max_by("after", version) AS "after",
           min_by(bytes_before, version) AS bytes_before, max_by(bytes_after, version) AS bytes_after
    FROM attachment_changes WHERE release_id = $release AND version > $old AND version <= $new
    GROUP BY release_id, url
) c
LEFT JOIN (
    SELECT one.url AS url, any_value(one.title) AS title FROM (
        SELECT unnest(attachments) AS one FROM release_versions WHERE release_id = $release AND version = $new
    ) GROUP BY ALL
) t ON t.url = c.url
LEFT JOIN documents b ON b.digest = c.before
LEFT JOIN documents a ON a.digest = c."after"
WHERE c.before <> c."after" ORDER BY c.url
"""
"""The files that are others in version `$new` of `$release` than in `$old`, in SQL."""


@dataclass(frozen=True, slots=True)
class ReplacedFile:
    """One file before and after, each in a line that names it, and its text as far as it was read."""

    before: str
    after: str
    text_before: str
    text_after: str

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Both lines, then how the texts differ."""
        return tuple(self._segments())

    def _segments(self) -> Iterator[Segment]:
        yield "deleted", f"{self.before}\n"
        yield "inserted", f"{self.after}\n"
        if (
            self.text_before != self.text_after
            and max(len(self.text_before), len(self.text_after)) <= LONGEST
        ):
            yield from diff(self.text_before, self.text_after)


def replaced_files(
    db: duckdb.DuckDBPyConnection, release_id: str, old: int, new: int
) -> tuple[ReplacedFile, ...]:
    """The files that were replaced from version `old` of a release to `new`, or back if `new` is earlier."""
    first, last = sorted((old, new))
    rows = fetch(db, REPLACED, {"release": release_id, "old": first, "new": last})
    return of_rows(rows, back=new < old)


def of_rows(rows: Iterable[Mapping[str, Any]], *, back: bool = False) -> tuple[ReplacedFile, ...]:
    """The files of the rows of `REPLACED`; with `back` what came is before what went."""
    sides = ("after", "before") if back else ("before", "after")
    return tuple(
        ReplacedFile(*(_line(row, side) for side in sides), *(_text(row, side) for side in sides))
        for row in rows
    )


def _line(row: Mapping[str, Any], side: str) -> str:
    size = row[f"bytes_{side}"]
    said = [f"{size:,} bytes" if size is not None else "", row[side][:15] + "…", row[f"note_{side}"] or ""]
    name = f"{row['title']} " if row["title"] else ""
    return f"{name}<{row['url']}> {', '.join(filter(None, said))}"


def _text(row: Mapping[str, Any], side: str) -> str:
    return (row[f"text_{side}"] or "").replace("\f", "\n")
