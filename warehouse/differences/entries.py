"""Entries of the list columns as lines that a person can compare."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final


def _plain(entry: str) -> Sequence[str]:
    return (entry,)


def _fact(entry: Mapping[str, Any]) -> Sequence[str]:
    return (f"{entry['label']}：{entry['value']}",)


def _link(entry: Mapping[str, Any]) -> Sequence[str]:
    return (f"{entry['title']} <{entry['url']}>",)


def _attachment(entry: Mapping[str, Any]) -> Sequence[str]:
    size = f" [{entry['size_label']}]" if entry.get("size_label") else ""
    return (f"{entry['title']}{size} <{entry['url']}>",)


def _correction(entry: Mapping[str, Any]) -> Sequence[str]:
    return (" ".join(str(part) for part in (entry["corrected_on"], entry["note"]) if part),)


def _contact(entry: Mapping[str, Any]) -> Sequence[str]:
    """One line for each number, person and address: a new head of division is one line, not a new block."""
    organisation = entry["organisation"] or ""
    details = [
        *(f"{phone['label']}：{phone['number']}" for phone in entry["phones"] or ()),
        *(_person(person) for person in entry["people"] or ()),
        *(entry["emails"] or ()),
    ]
    return [f"{organisation} / {detail}" for detail in details] or [organisation]


def _person(entry: Mapping[str, Any]) -> str:
    extension = f"（内線{entry['extension']}）" if entry["extension"] else ""
    return f"{entry['role']}：{entry['name']}{extension}"


ENTRIES: Final[Mapping[str, Callable[[Any], Sequence[str]]]] = {
    "categories": _plain,
    "joint_with": _plain,
    "facts": _fact,
    "contacts": _contact,
    "attachments": _attachment,
    "links": _link,
    "corrections": _correction,
    "countries": _plain,
    "jcm_evidence": _plain,
    "jcm_countries": _plain,
}
