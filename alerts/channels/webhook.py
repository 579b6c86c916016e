"""A POST of JSON to an address of the reader's own, signed, with its key in a header."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx

from alerts.channels.base import Answer, Message, NotSetUp
from alerts.channels.secrets import Secret
from sources.conditions import seconds_in

SIGNATURE: Final = "X-Moej-Signature"
_MAX_WAIT: Final = 86_400.0
_SLACK: Final = "slack"


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address. With `form` `slack` it posts what Slack and its like expect instead of our document."""

    url: Secret
    secret: Secret | None = None
    form: str | None = None
    seconds: float = 30.0
    transport: httpx.BaseTransport | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send(self, message: Message) -> Answer:
        """Post it.

        Delivered means an answer of 2xx. A redirect is none: it would take the message elsewhere.
        """
        body = self.body(message)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.key,
            "User-Agent": "moej",
        }
        if self.secret is not None:
            headers[SIGNATURE] = sign(self.secret, body)
        try:
            # The body of the answer is not read: it may be endless, and nothing in it is ours to keep.
            with (
                httpx.Client(
                    transport=self.transport, timeout=self.seconds, follow_redirects=False, trust_env=False
                ) as client,
                client.stream("POST", self.url.reveal(), content=body, headers=headers) as response,
            ):
                return self._answer(response)
        except httpx.HTTPError as error:
            return Answer(delivered=False, detail=f"no answer: {type(error).__name__}")

    def _answer(self, response: httpx.Response) -> Answer:
        return Answer(
            delivered=response.is_success,
            detail=f"HTTP {response.status_code}",
            retry_after=retry_after(response.headers.get("Retry-After"), self.clock()),
        )

    def body(self, message: Message) -> bytes:
        """The bytes that are sent and signed."""
        document = {"text": message.slack} if self.form == _SLACK else {"id": message.key, **message.data}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def sign(secret: Secret, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 of the body in hexadecimal, as receivers of such signatures know it."""
    return "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header: at most a day, None if it says nothing."""
    seconds = seconds_in(value or "", now)
    return None if seconds is None else min(seconds, _MAX_WAIT)


def checked(url: Secret, *, channel: str) -> Secret:
    """The address, if it is https, or http to this machine; `NotSetUp` without repeating it if not."""
    parts = urlsplit(url.reveal())
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _here(parts.hostname))):
        return url
    raise NotSetUp(f"channel {channel!r}: its address is neither https nor http to this machine")


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
