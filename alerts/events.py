"""Events for a scheduler's automations: one for each new and each changed release; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Protocol, TypeVar

from alerts.changes import Change
from warehouse.crew import together

NAMES: Final = {
    "created": "moej.release.created",
    "changed": "moej.release.changed",
    "attachment": "moej.release.changed",
    "withdrawn": "moej.release.withdrawn",
    "restored": "moej.release.restored",
}

MANY: Final = 100
"""Versions of a load up to which each is an event of its own.

No day has so many. Thousands at once keep a server busy for seconds, and an automation would act on each.
"""


class Made(Change, Protocol):
    """A version that a load made, with the run that fetched its first capture."""

    @property
    def run_id(self) -> str:
        """Identifier of the run."""


M = TypeVar("M", bound=Made)


@dataclass(frozen=True, slots=True)
class Event:
    """An event by its name, the resource it is about, and what it says of it."""

    name: str
    resource_id: str
    payload: dict[str, Any]


def events(changes: Iterable[Made]) -> tuple[Event, ...]:
    """The events of a load, in order: `moej.release.created` and so on, about `moej.release.<release_id>`.

    A load of more than `MANY` versions, as that of a first run, names up to `MANY` releases in each:
    `moej.releases.created` and so on, about `moej.run.<run_id>`.
    """
    found = tuple(changes)
    return tuple(map(_one, found)) if len(found) <= MANY else tuple(_several(found))


def _one(change: Change) -> Event:
    return Event(
        name=NAMES[change.change],
        resource_id=f"moej.release.{change.release_id}",
        payload={**_named(change), "change": change.change, "run_kind": change.run_kind},
    )


def by_run(changes: Iterable[M], most: int) -> Iterator[tuple[str, str, list[M]]]:
    """Run, kind of change, and the changes of both, in order and at most so many together."""
    in_order = sorted(changes, key=lambda one: (one.run_id, one.change, one.release_id, one.version))
    for (run_id, change), alike in groupby(in_order, key=lambda one: (one.run_id, one.change)):
        for some in together(alike, most):
            yield run_id, change, some


def _several(changes: Iterable[Made]) -> Iterator[Event]:
    for run_id, change, some in by_run(changes, MANY):
        yield Event(
            name=NAMES[change].replace("release", "releases"),
            resource_id=f"moej.run.{run_id}",
            payload={"releases": list(map(_named, some)), "change": change, "run_kind": some[0].run_kind},
        )


def _named(change: Change) -> dict[str, Any]:
    return {"release_id": change.release_id, "version": change.version, "capture_id": change.capture_id}
