"""The exit codes of `moej` but 0, as scripts rely on them."""

from typing import Final

FAILED: Final = 1
"""Something failed, said on stderr in one line."""
USAGE: Final = 2
"""The command was given something that cannot be."""
PARTLY: Final = 3
"""Done, but some pages failed or were quarantined."""
STOPPED: Final = 128
"""And the number of the signal that ended the command, as shells have it."""
