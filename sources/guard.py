"""The network below the HTTP library: no connection to private addresses, no request past its deadline.

Both must stand here. A name can be checked and then resolve to something else, unless the very address
that was checked is the one connected to; and a server that sends one byte of its head every few seconds
satisfies every time-out on single reads for ever.
"""

import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore

SocketOptions = Iterable[Any] | None


class Refused(httpcore.ConnectError):
    """A name led to an address that is not on the public internet."""


@dataclass(slots=True)
class Deadline:
    """When the request under way must be over; set anew before each."""

    monotonic: Callable[[], float]
    at: float = 0.0

    def start(self, seconds: float) -> None:
        """Begin to count."""
        self.at = self.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """The time that one step may take; the library's time-out error if there is none."""
        left = self.at - self.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer took too long")
        return left if timeout is None else min(left, timeout)


class Stream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes, or the time-out error."""
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes, or the time-out error."""
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, under the same deadline."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the library asks of the socket."""
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Connections for one site; `public_only` for the real host: its name must lead to public addresses."""

    def __init__(self, deadline: Deadline, *, public_only: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline, self._public_only = deadline, public_only

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions = None,
    ) -> httpcore.NetworkStream:
        """A connection to the address that was checked, not to the name."""
        address = public_address(host, port) if self._public_only else host
        left = self._deadline.left(timeout)
        return Stream(
            self._inner.connect_tcp(address, port, left, local_address, socket_options), self._deadline
        )


def public_address(host: str, port: int) -> str:
    """The first address of a name; `Refused` if any of its addresses is private, as in a rebinding attack."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(f"{host} has no address: {error}") from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise Refused(f"{host} leads to {address}, which is not on the public internet")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ip_address(address.partition("%")[0])
    return ip.is_global and not ip.is_multicast
