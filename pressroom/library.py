"""The packaged releases: `data/*.toml` read into records, one file a month, a bad line refused by name."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from pressroom.records import Anchor, Contact, Event, Person, Record, moment

_PLAIN = (
    "path",
    "title",
    "lang",
    "template",
    "shape",
    "joint",
    "lead_form",
    "body",
    "listed_twice",
    "elsewhere",
)


class DataError(ValueError):
    """A data file of the press room says something the records do not know."""


@cache
def packaged() -> tuple[Record, ...]:
    """Every packaged release in order of publication."""
    records = [record for text in _texts() for record in parse(text)]
    return tuple(sorted(records, key=lambda record: record.published_at))


def _texts() -> Iterator[str]:
    folder = files("pressroom") / "data"
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.endswith(".toml"):
            yield entry.read_text("utf-8")


def parse(text: str) -> Iterator[Record]:
    """The releases of one data file; raises `DataError` for a key nobody would read."""
    for table in tomllib.loads(text)["release"]:
        try:
            yield _record(dict(table))
        except (KeyError, TypeError, ValueError) as error:
            where = table.get("path") or table.get("title")
            raise DataError(
                f"release {where}: {error!r}; see Record in pressroom/records.py for the keys"
            ) from error


def _record(table: dict[str, Any]) -> Record:
    plain = {key: table.pop(key) for key in _PLAIN if key in table}
    record = Record(
        **{"path": "", **plain},
        published_at=_at(table.pop("at")),
        categories=tuple(table.pop("categories", ())),
        lead=tuple(table.pop("lead", ())),
        notes=tuple(table.pop("notes", ())),
        contacts=tuple(_contact(one) for one in table.pop("contacts", ())),
        attachments=_anchors(table.pop("attachments", ())),
        links=_anchors(table.pop("links", ())),
        aliases=tuple(table.pop("aliases", ())),
        story=tuple(_event(one) for one in table.pop("story", ())),
        expect=table.pop("expect", {}),
    )
    if table:
        raise DataError(f"unknown keys {sorted(table)}")
    return record


def _at(value: date | datetime) -> datetime:
    if not isinstance(value, datetime):
        raise DataError(f"`at` is {value!r}; expected a day and an hour, as in 2026-06-04T14:00:00")
    return moment(value)


def _anchors(rows: list[list[str]]) -> tuple[Anchor, ...]:
    return tuple(Anchor(text, href) for text, href in rows)


def _contact(table: Mapping[str, Any]) -> Contact:
    return Contact(
        organisation=table["organisation"],
        phones=tuple((label, number) for label, number in table.get("phones", ())),
        people=tuple(Person(*row) for row in table.get("people", ())),
        emails=tuple(table.get("emails", ())),
        form=table.get("form", "pairs"),
    )


def _event(table: Mapping[str, Any]) -> Event:
    return Event(
        at=_at(table["at"]),
        kind=table["kind"],
        replace=tuple((old, new) for old, new in table.get("replace", ())),
        note=table.get("note", ""),
        status=table.get("status", 404),
        listed=table.get("listed", False),
    )
