"""Events for a scheduler's automations: one for each new and each changed release; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from alerts.changes import Change

NAMES: Final = {
    "created": "moej.release.created",
    "changed": "moej.release.changed",
    "attachment": "moej.release.changed",
    "withdrawn": "moej.release.withdrawn",
    "restored": "moej.release.restored",
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event by its name, the resource it is about, and what it says of it."""

    name: str
    resource_id: str
    payload: dict[str, Any]


def events(changes: Iterable[Change]) -> tuple[Event, ...]:
    """The events of a load, in order: `moej.release.created` and so on, about `moej.release.<release_id>`."""
    return tuple(
        Event(
            name=NAMES[one.change],
            resource_id=f"moej.release.{one.release_id}",
            payload={
                "release_id": one.release_id,
                "version": one.version,
                "change": one.change,
                "capture_id": one.capture_id,
                "run_kind": one.run_kind,
            },
        )
        for one in changes
    )
