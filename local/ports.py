"""Ports of this machine."""

from __future__ import annotations

import argparse
import errno
import socket

HOST = "127.0.0.1"
DEFAULT = 8080
"""Of the local stack's public address."""

LAST = 65_535
_FIRST_FREE = 1024
"""Below are those that only root may have."""


class PortUnusable(Exception):
    """No server can listen on the port; the message says why."""


def number(text: str) -> int:
    """A port, for argparse."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= LAST):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to {LAST:,}, not {text!r}")
    return int(text)


def require_free(port: int) -> None:
    """Raises PortUnusable."""
    with socket.socket() as probe:
        # Without it, connections of a server that has just stopped would count as in use.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = f"port {port} on {HOST} cannot be had: {error.strerror}"
            if error.errno == errno.EADDRINUSE:
                reason = f"port {port} on {HOST} is taken by another program"
            elif error.errno == errno.EACCES:
                reason = f"port {port} is for root alone, like all below {_FIRST_FREE}"
            raise PortUnusable(reason) from error


def is_free(port: int) -> bool:
    try:
        require_free(port)
    except PortUnusable:
        return False
    return True


def free_port() -> int:
    """A free port of loopback; another process may take it before it is used."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
