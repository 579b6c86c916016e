"""The one exception tree, in the lowest room because every room may import it.

Extractors themselves raise none of these for bad input: a page that cannot be read is a value,
`Unreadable`. Each branch says what the caller does next:

    MoejError
    ├── Transient   ask again, after a pause: the cause passes by itself
    ├── Skip        leave this one item, note the reason, go on with the next
    ├── Stop        end the run: going on would lose, repeat or burden something
    │   └── Unreachable   something it needs is not there: a try some minutes later may find it
    └── Usage       the person asked for something that cannot be: exit 2, with the mend
"""


class MoejError(Exception):
    """Anything this program raises on purpose; the message says what, where and what to do."""


class Transient(MoejError):
    """The cause passes by itself: the same call may succeed after a pause."""


class Skip(MoejError):
    """This one item cannot be had; its reason belongs in the ledger and the run goes on."""


class Stop(MoejError):
    """The run must end here; the archive is as it was."""


class Unreachable(Stop):
    """The run cannot go on, for what it needs does not answer; it may do so some minutes later."""


class Usage(MoejError):
    """The command was given something that cannot be; the message says what would be right."""
