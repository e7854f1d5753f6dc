"""Ports of this machine."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One of loopback that nobody listens on; somebody may before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
