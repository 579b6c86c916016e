"""What kind of change a version is, for rules to be `on`; pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from warehouse.content import plain


class Change(Protocol):
    """One version that a load made. `run_kind` is the run that fetched its first capture."""

    @property
    def release_id(self) -> str:
        """The release."""

    @property
    def version(self) -> int:
        """Number of the version, from 1."""

    @property
    def change(self) -> str:
        """`created`, `changed`, `attachment`, `withdrawn` or `restored`."""

    @property
    def capture_id(self) -> str:
        """The capture in which the version was first seen."""

    @property
    def run_kind(self) -> str:
        """`run`, `watch`, `recheck`, `backfill`, `import` or `rebuild`."""


Key = tuple[str, int]
"""A version: its release, and its number."""
Row = Mapping[str, Any]
"""A row of `release_versions`, by column."""

COMPARED: Final = (
    "title", "published_on", "categories", "joint_with", "body", "contacts", "attachments", "links",
    "corrections",
)  # fmt: skip
"""The columns that make a version: the same as `warehouse.content` hashes."""

_SPECIFIC: Final = ("recognised", "withdrawn", "restored", "created", "corrected", "attachment", "changed")


def kinds(change: str, new: Row, old: Row | None, *, ignore: Iterable[str] = ()) -> frozenset[str]:
    """The changes, in the words rules use, that `new` is after `old`.

    Empty if only fields in `ignore` differ.

    `corrected`: the notes of correction grew, or title or date is another. `attachment`: nothing but
    attachments is, or a file was replaced under the same link.
    """
    if change == "attachment":
        return frozenset() if "attachments" in ignore else frozenset({"changed", "attachment"})
    if change in {"created", "withdrawn"} or old is None:
        return frozenset({change})
    found = _edit(different(old, new) - set(ignore), old, new)
    return found | {change} if change == "restored" else found


def _edit(fields: set[str], old: Row, new: Row) -> frozenset[str]:
    if not fields:
        return frozenset()
    if fields & {"title", "published_on"} or len(new["corrections"] or ()) > len(old["corrections"] or ()):
        return frozenset({"changed", "corrected"})
    if fields == {"attachments"}:
        return frozenset({"changed", "attachment"})
    return frozenset({"changed"})


def word(found: Iterable[str]) -> str:
    """The most telling of several changes."""
    return min(found, key=_SPECIFIC.index)


def different(old: Row, new: Row) -> set[str]:
    """The columns in which two versions differ, width and white space aside.

    The body repeats contacts and attachments on some pages: lines of it that say only what those columns say
    are left to those columns, or a new telephone number would count as an edit of the text.
    """
    fields = {name for name in COMPARED if _folded(old[name]) != _folded(new[name])}
    if "body" in fields and fields & {"contacts", "attachments"} and _only_repeats(old, new):
        fields.remove("body")
    return fields


def _folded(value: Any) -> Any:
    """A value in which only what was written counts; the order of a list does not."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return sorted((_folded(one) for one in value), key=repr)
    if isinstance(value, dict):
        return {key: _folded(one) for key, one in value.items() if one is not None}
    return value


def _only_repeats(old: Row, new: Row) -> bool:
    before, after = (set(map(plain, (row["body"] or "").splitlines())) for row in (old, new))
    known = sorted(
        {
            plain(text)
            for row in (old, new)
            for name in ("contacts", "attachments")
            for text in _texts(row[name])
            if text
        },
        key=len,
        reverse=True,
    )
    return all(_spent(line, known) for line in before ^ after)


def _spent(line: str, known: Iterable[str]) -> bool:
    """Whether nothing is left of a line once the known texts are taken out, but punctuation."""
    for text in known:
        line = line.replace(text, "")
    return not any(character.isalnum() for character in line)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
