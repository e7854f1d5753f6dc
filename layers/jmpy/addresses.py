"""Addresses of hosts that a customer named, such as that of a webhook or a logo: requests go to
none that only we can reach, such as a private one, our own, or the one at which a cloud serves
credentials."""

from __future__ import annotations

import socket
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_NOT_PUBLIC = (
    # NAT64, 6to4, Teredo and compatible addresses lead to an IPv4 one, perhaps a private one.
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
    IPv6Network("2001::/32"),
    IPv6Network("::/96"),
    # Private before there were unique local addresses.
    IPv6Network("fec0::/10"),
)
"""Beyond what the standard library knows as not global."""


class NotPublic(Exception):
    """The host's name leads to an address that no request may go to."""


def is_public(address: str) -> bool:
    """Whether the IP address is one that anybody on the internet can reach."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public(str(parsed.ipv4_mapped))
        if any(parsed in network for network in _NOT_PUBLIC):
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


RESOLVING = 3.0
"""Seconds for a name: the name server may be its owner's, and slow on purpose."""


def resolve(
    host: str,
    port: int,
    is_allowed: Callable[[str], bool] = is_public,
    seconds: float = RESOLVING,
) -> str:
    """One of the host's addresses, all of which are allowed. The request has to go to this one: the
    name could resolve to another the next time.

    Raises NotPublic; OSError or ValueError if the name does not resolve, such as TimeoutError.
    """
    found = _found(host, port).result(seconds)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(is_allowed, addresses)):
        raise NotPublic
    return addresses[0]


def _found(host: str, port: int) -> Future[list[Any]]:
    """From another thread, since the system's resolver takes no timeout."""
    future: Future[list[Any]] = Future()

    def find() -> None:
        try:
            future.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            future.set_exception(error)

    Thread(target=find, daemon=True).start()
    return future
