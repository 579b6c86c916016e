"""No connection to private addresses, whatever a name leads to."""

import socket

import httpcore
import pytest

from extractors.errors import Stop
from sources import Log
from sources.guard import Backend, Deadline, Refused, is_public, public_address
from tests.sources.kit import MINISTRY, PAGE, Time, collector


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse, not to listen on
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
    ],
)
def test_which_addresses_are_of_the_public_internet(address: str, *, public: bool) -> None:
    """Loopback, private, link-local, shared and multicast ranges are not."""
    assert is_public(address) == public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254"])
def test_a_name_that_leads_inside_is_refused(host: str) -> None:
    """The address is checked where the connection is made, so a name cannot change its mind in between."""
    with pytest.raises(Refused, match="not on the public internet"):
        Backend(Deadline(Time().monotonic, at=5), public_only=True).connect_tcp(host, 80)


def test_a_name_without_an_address_is_unreachable() -> None:
    """No address is no answer, not a refusal."""
    with pytest.raises(httpcore.ConnectError, match="has no address"):
        public_address("nowhere.invalid", 443)


def test_a_rehearsal_may_live_on_loopback() -> None:
    """The mirror that the user named himself is reached where it is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        deadline = Deadline(Time().monotonic)
        deadline.start(5)
        Backend(deadline, public_only=False).connect_tcp("127.0.0.1", listening.getsockname()[1]).close()


def test_time_is_up() -> None:
    """After the deadline every step ends at once."""
    time = Time()
    deadline = Deadline(time.monotonic)
    deadline.start(5)
    assert (deadline.left(None), deadline.left(2)) == (5, 2)
    time.seconds = 5
    with pytest.raises(httpcore.ReadTimeout):
        deadline.left(2)


def test_the_real_host_is_never_asked_inside(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resolver that leads the Ministry's name into our own network is told, and nothing is asked there."""
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: inside)
    with (
        pytest.raises(Stop, match=r"www\.env\.go\.jp leads to 10\.0\.0\.1, which is not on the public"),
        collector(log, MINISTRY) as running,
    ):
        running.page(PAGE)
