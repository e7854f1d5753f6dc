"""Networks that addresses are in: what one household, office or site shares, about."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

_CACHED = 4096


@lru_cache(_CACHED)
def network_of(ip: str) -> str | None:
    """The /24 of an IPv4 address, the /48 of an IPv6 one, as in `192.0.2.0/24`; None for anything
    else."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((address, 48), strict=False))
        address = address.ipv4_mapped
    return str(IPv4Network((address, 24), strict=False))
