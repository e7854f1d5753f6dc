"""The addresses that a key is accepted from: single ones and networks, IPv4 and IPv6.

The authorizer imports this module, and with it `ipaddress`, only for keys that have such a list.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from jmpy.keys.errors import InvalidKeyRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

FIELD = "allowed_ips"
MAX_ENTRIES = 50
LONGEST_ENTRY = 50
"""Characters: an IPv4-mapped IPv6 address with a prefix has 49."""

Network: TypeAlias = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")

_NEVER_CALLING = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
        "::/8", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
"""Private, shared, local, multicast and reserved: API Gateway's public endpoint sees no such caller
(RFC 6890). Python's `is_private` also has the ranges of documentation, which harm nobody."""


class Adjusted(NamedTuple):
    """An entry whose stored form differs from the one that was sent."""

    sent: str
    stored: str


def checked(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries in the form in which they are stored, each once, in order of their addresses:
    without host bits, IPv4-mapped ones as IPv4, a single address without its prefix.

    Raises InvalidKeyRequest.
    """
    networks = {_parsed(entry, number) for number, entry in enumerate(entries, start=1)}
    if len(networks) > MAX_ENTRIES:
        raise InvalidKeyRequest(
            FIELD,
            f"There are {len(networks):,} addresses and networks; the maximum is {MAX_ENTRIES}",
        )
    ordered = sorted(networks, key=lambda network: (network.version, network))
    return tuple(map(_written, ordered))


def adjusted(entries: Iterable[str]) -> list[Adjusted]:
    """Which of the entries are stored in another form, each once. They have been checked."""
    pairs = (Adjusted(entry.strip(), *checked([entry])) for entry in entries)
    return list(dict.fromkeys(pair for pair in pairs if pair.sent != pair.stored))


def permits(entries: tuple[str, ...], address: str) -> bool:
    """Whether one of the stored entries covers the address. False if that is none."""
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    if isinstance(caller, IPv6Address) and caller.ipv4_mapped is not None:
        caller = caller.ipv4_mapped
    return any(caller in network for network in _networks(entries))


@lru_cache(maxsize=128)
def _networks(entries: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(entry) for entry in entries)


def _parsed(entry: str, number: int) -> Network:
    """`number`: its place, by which an entry is named that may be anything. Raises
    InvalidKeyRequest."""
    text = entry.strip()
    _, slash, prefix = text.partition("/")
    try:
        # Netmasks, which `ipaddress` accepts after the slash, are easily mistaken.
        if len(text) > LONGEST_ENTRY or "%" in text or (slash and not prefix.isdecimal()):
            raise ValueError
        network = _unmapped(ip_network(text, strict=False))
    except ValueError:
        raise InvalidKeyRequest(
            FIELD,
            f"Entry {number} is neither an IP address nor a network such as 203.0.113.0/24 or "
            "2001:db8::/32",
        ) from None
    if network.prefixlen == 0:
        raise InvalidKeyRequest(
            FIELD, f"{text} covers every address; leave the list empty to allow them all"
        )
    if any(_is_within(network, one) for one in _NEVER_CALLING):
        raise InvalidKeyRequest(
            FIELD,
            f"{text} is private or reserved, and no request comes from there; enter the public "
            "address of your network",
        )
    return network


def _unmapped(network: Network) -> Network:
    """An IPv4-mapped network as the IPv4 network that it is."""
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        address = IPv4Address(int(network.network_address) & 0xFFFFFFFF)
        return IPv4Network((address, network.prefixlen - _MAPPED.prefixlen))
    return network


def _is_within(network: Network, other: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)


def _written(network: Network) -> str:
    """A single address without its prefix."""
    is_single = network.prefixlen == network.max_prefixlen
    return str(network.network_address if is_single else network)
