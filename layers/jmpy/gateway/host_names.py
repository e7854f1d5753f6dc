"""Names of hosts in URLs. Cold starts of the authorizer and of redirects wait for this module."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


def ascii_host(url: str) -> str:
    """The host of a URL in lower case and ASCII, without a dot at the end; empty without one."""
    host = (urlsplit(url).hostname or "").removesuffix(".")
    if not host.isascii():
        import idna  # noqa: PLC0415 - see jmpy.links.destination

        host = idna.encode(host, uts46=True).decode("ascii")
    return host


def is_local(host: str) -> bool:
    """Whether the host is this machine: all of these lead to a server that listens on its loopback
    interface."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified
