"""Secrets come from the environment, are used where they are needed, and show themselves nowhere."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alerts.channels.base import NotSetUp

_TALKATIVE: Final = (
    "httpx",
    "httpcore",
    "httpcore.http11",
    "httpcore.connection",
    "urllib3.connectionpool",
    "requests",
)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that is not shown: not by `repr`, `str`, `format`, nor in a traceback's locals."""

    _text: str

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<secret>"


def secret_of(environ: Mapping[str, str], variable: str, *, channel: str) -> Secret:
    """The secret in that environment variable; `NotSetUp` names the variable if it is not set."""
    text = environ.get(variable, "").strip()
    if not text:
        raise NotSetUp(f"channel {channel!r}: the environment variable {variable} is not set")
    return Secret(text)


def hush() -> None:
    """Keep libraries from logging addresses: httpx logs every URL at INFO, urllib3 and Apprise at DEBUG."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Apprise also warns with what the service answered, which may repeat what it was sent.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
