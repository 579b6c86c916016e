"""robots.txt as RFC 9309 has it: what it allows, and what follows when it cannot be had."""

from typing import Final, Protocol

from protego import Protego

AGENT: Final = "moej"
# RFC 9309 asks for at least 500 KiB to be read; more is not a rule book.
MAX_BYTES: Final = 500 << 10


class Rules(Protocol):
    """What a client may ask."""

    def allows(self, url: str) -> bool:
        """Whether an address may be asked."""

    @property
    def delay(self) -> float:
        """The pause in seconds that the site asks for, 0 if it names none."""


class _Parsed:
    def __init__(self, text: str) -> None:
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        return float(self._rules.crawl_delay(AGENT) or 0.0)


def rules_from(payload: bytes) -> Rules:
    """The rules in a robots.txt that was had; a mark of its encoding in front is no part of it."""
    return _Parsed(payload[:MAX_BYTES].decode("utf-8-sig", "replace"))


def no_rules() -> Rules:
    """The site has no robots.txt (4xx): everything may be asked."""
    return _Parsed("")
