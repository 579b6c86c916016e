"""Which machine delivers the alerts of a lake: one, or people would be told everything once a machine.

What was sent stands in `state.sqlite` of the machine that sent it, and that file bears a name. The first to
deliver is on duty from then on, as the lake's catalogue keeps; who moves `state.sqlite` moves the duty too.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from alerts import ledger
from warehouse.state import note, noted
from warehouse.stores.draft import Place
from warehouse.stores.lake import Lake

DUTY: Final = "alerts"
NAME: Final = "name"


def elsewhere(place: Place, state: Path, *, now: datetime, new_id: Callable[[], str]) -> str | None:
    """Why this machine may not deliver, in one line; None where it may, and is on duty from now on."""
    if not isinstance(place, Lake):
        return None
    other = place.claim(DUTY, _name(state, now, new_id))
    if other is None:
        return None
    return (
        f"the alerts of {place} are delivered by {other.host} since {other.since:%Y-%m-%d}, so nothing is "
        "sent from here; take the channels out of moej.toml, or let this machine do it with "
        "`moej alerts deliver --take-over`"
    )


def take_over(place: Place, state: Path, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Be on duty from now on, whoever was before."""
    if isinstance(place, Lake):
        place.claim(DUTY, _name(state, now, new_id), take_over=True)


def _name(state: Path, now: datetime, new_id: Callable[[], str]) -> str:
    """The name of this memory, given once."""
    with ledger.opened(state) as con, ledger.writing(con):
        name = noted(con, NAME)
        if name is None:
            name = new_id()
            note(con, NAME, name, now)
        return name
