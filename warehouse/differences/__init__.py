"""What changed between two versions of a release, field by field.

    for change in differences(old, new):      # two rows of release_versions
        change.field, change.segments

Texts are compared by word, lists (facts, contacts, attachments, links …) as sets: an entry that only moved
is no change. `segments` show each change in one way, for texts and lists alike; see `differences.segments`.
Files that were replaced under the same link are no column of a version: `replaced_files` finds them, and
`differences` tells each as a change of the field `files`.
In SQL: `SELECT * FROM release_changes WHERE release_id = '…'`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from warehouse.differences.entries import ENTRIES
from warehouse.differences.replaced import ReplacedFile, replaced_files
from warehouse.differences.segments import Segment, diff, excerpt

__all__ = ["Change", "ReplacedFile", "Segment", "diff", "differences", "excerpt", "replaced_files"]

FILES: Final = "files"

TEXTS: Final = ("title", "body")
VALUES: Final = (
    "url",
    "lang",
    "published_on",
    "event_starts_on",
    "event_ends_on",
    "event_hours",
    "event_place",
    "jcm_role",
    "jcm_kind",
    "jcm_partner_count",
    "jcm_projects",
    "jcm_tonnes",
    "withdrawn_at",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `before` and `after` are text, None for nothing; a list has one entry a line.

    `removed` and `added` are the entries of a list that went and came; empty for other fields.
    """

    field: str
    before: str | None
    after: str | None
    segments: tuple[Segment, ...]
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any], files: Sequence[ReplacedFile] = ()
) -> tuple[Change, ...]:
    """The fields in which two rows of `release_versions` differ, in the order of the table's columns.

    `files` are those that were replaced between the two, each a change of its own. `lead` and
    `body_markdown` repeat the body and are not compared; columns a row lacks count as empty.
    """
    changes = [*_texts(old, new), *_lists(old, new), *_values(old, new)]
    changes += (Change(FILES, one.before, one.after, one.segments) for one in files)
    return tuple(sorted(changes, key=lambda change: _ORDER.index(change.field)))


def _texts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for field in TEXTS:
        before, after = old.get(field) or "", new.get(field) or ""
        if before != after:
            yield Change(field, before or None, after or None, diff(before, after))


def _values(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for field in VALUES:
        before, after = (None if row.get(field) is None else str(row[field]) for row in (old, new))
        if before != after:
            yield Change(field, before, after, _replaced(before, after))


def _replaced(before: str | None, after: str | None) -> tuple[Segment, ...]:
    return tuple((kind, text) for kind, text in (("deleted", before), ("inserted", after)) if text)


def _lists(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for field, lines_of in ENTRIES.items():
        # Looked up, not searched: a page may have thousands of links.
        before, after = (_entries(row.get(field), lines_of) for row in (old, new))
        removed = tuple(line for line in before if line not in after)
        added = tuple(line for line in after if line not in before)
        if removed or added:
            yield Change(
                field,
                "\n".join(before) or None,
                "\n".join(after) or None,
                _replaced("".join(f"{line}\n" for line in removed), "".join(f"{line}\n" for line in added)),
                removed,
                added,
            )


def _entries(value: Sequence[Any] | None, lines_of: Callable[[Any], Sequence[str]]) -> dict[str, None]:
    return dict.fromkeys(line for entry in value or () for line in lines_of(entry))


_ORDER: Final = (
    *("url", "lang", "title", "published_on", "categories", "joint_with", "body", "facts", "event_starts_on"),
    *(
        "event_ends_on",
        "event_hours",
        "event_place",
        "contacts",
        "attachments",
        FILES,
        "links",
        "corrections",
        "countries",
    ),
    *(
        "jcm_role",
        "jcm_kind",
        "jcm_evidence",
        "jcm_countries",
        "jcm_partner_count",
        "jcm_projects",
        "jcm_tonnes",
    ),
    "withdrawn_at",
)
