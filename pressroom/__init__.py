"""The press room in a box: plays the Ministry's site on loopback, for the demo, tests and benchmarks.

    with PressRoom(now=DEMO_DAY_ONE) as room:
        ...                      # the site is at room.url
        room.now = DEMO_LATER_DAY

All releases in it are invented. It imports nothing of the other rooms, so that what it plays does not
follow from what they expect.
"""

from datetime import date

from pressroom.faults import Fault
from pressroom.generate import Generated, generate
from pressroom.journal import Seen
from pressroom.library import packaged
from pressroom.records import JST, Anchor, Contact, Event, NotOnPageError, Person, Record
from pressroom.room import PressRoom

DEMO_DAY_ONE = date(2026, 6, 2)
"""The demo's first day: the index shows May and the first days of June."""
DEMO_LATER_DAY = date(2026, 6, 4)
"""By the end of this day one JCM release is new (press_05028) and one is corrected (press_04455)."""

__all__ = [
    "DEMO_DAY_ONE",
    "DEMO_LATER_DAY",
    "JST",
    "Anchor",
    "Contact",
    "Event",
    "Fault",
    "Generated",
    "NotOnPageError",
    "Person",
    "PressRoom",
    "Record",
    "Seen",
    "generate",
    "packaged",
]
