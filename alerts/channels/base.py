"""The face of a channel, what it is given and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from extractors.errors import Skip


class NotSetUp(Skip):
    """A channel lacks something from the environment; its letters wait and the others go out."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message in every form, each already escaped for it.

    `key` is the idempotency key: the same in every repeat. `reply_to` is the key of the message it belongs
    under. `data` is the JSON document of a webhook.
    """

    key: str
    subject: str
    text: str
    html: str
    markdown: str
    slack: str
    sent_at: datetime
    reply_to: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def form(self, name: str) -> str:
        """The body in the form `text`, `html`, `markdown` or `slack`."""
        return {"text": self.text, "html": self.html, "markdown": self.markdown, "slack": self.slack}[name]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt. `detail` holds no secret and nothing the other side wrote, but its number.

    `retry_after` is the pause in seconds that the other side asked for.
    """

    delivered: bool
    detail: str
    retry_after: float | None = None


class Channel(Protocol):
    """Sends one message and says what came of it; it never raises for what the other side does."""

    def send(self, message: Message) -> Answer:
        """Try once."""
