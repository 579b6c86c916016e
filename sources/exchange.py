"""One request and its answer as they went over the wire; what the client hands to the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

KEPT_ENCODING: Final = b"X-Archive-Orig-Transfer-Encoding"
"""The name under which archives keep a Transfer-Encoding that the body no longer has."""

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer.

    `url` is the address asked, `started_at` the time the request went out (UTC), `seconds` how long it took
    to the last byte. `body` is what came, without transfer encoding but with its content encoding;
    `truncated` says why it is incomplete: `length` (over our limit), `time`, `disconnect`, or None.
    """

    url: str
    started_at: datetime
    seconds: float
    method: bytes
    target: bytes
    request_headers: Headers
    status: int
    version: bytes
    reason: bytes
    headers: Headers
    body: bytes
    truncated: str | None = None
    ip: str | None = None

    @property
    def head(self) -> bytes:
        """The head of the answer as it is archived.

        The body stands in the log without chunks, so a Transfer-Encoding left in the head would make other
        readers look for them; it is kept under another name.
        """
        line = self.version + b" " + str(self.status).encode() + b" " + self.reason
        return serialise(line, tuple((_kept_name(name), value) for name, value in self.headers))

    @property
    def request_head(self) -> bytes:
        """The head of the request; requests of ours have no body."""
        return serialise(self.method + b" " + self.target + b" HTTP/1.1", self.request_headers)


def serialise(line: bytes, headers: Headers) -> bytes:
    """First line, fields and the empty line of an HTTP message."""
    return b"".join([line, b"\r\n", *(name + b": " + value + b"\r\n" for name, value in headers), b"\r\n"])


def _kept_name(name: bytes) -> bytes:
    return KEPT_ENCODING if name.lower() == b"transfer-encoding" else name
