"""Ports for servers that are started for a test."""

import socket


def free_port() -> int:
    """A port of the loopback that nobody holds now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
