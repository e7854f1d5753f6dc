"""Hosts of destinations, in the one spelling that they are compared in.

A browser reaches the same machine through many spellings. What is compared is what it would go to:
lower case, no trailing dot, no port, IPv4 in dotted decimal whatever base it was written in (WHATWG
URL standard, "host parsing"), and an IPv4 address that is written as IPv6 as what it is.
"""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_IPV4_PARTS = 4
_BYTE = 256


class NotAnAddress(ValueError):
    """A host that ends in a number is an IPv4 address, or nothing at all."""


def host_of(url: str) -> str:
    """The host of a stored destination; empty for none, such as that of a deleted link."""
    try:
        return canonical(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def canonical(host: str) -> str:
    """Of an ASCII host, without the brackets of IPv6. Raises NotAnAddress."""
    host = host.lower().removesuffix(".")
    if ":" in host:
        try:
            address = IPv6Address(host)
        except AddressValueError:
            raise NotAnAddress(host) from None
        return str(address.ipv4_mapped or address)
    return str(_ipv4(host)) if _is_numeric(host) else host


def chain(host: str) -> Iterator[str]:
    """A canonical host, and the domains that it is in: `a.example.com`, `example.com`, `com`.
    An address is in none."""
    yield host
    if ":" in host or _is_numeric(host):
        return
    while "." in host:
        host = host.partition(".")[2]
        yield host


def is_within(host: str, domains: Container[str]) -> bool:
    """Whether the canonical host is one of the domains, or a subdomain of one. `notexample.com` is
    none of `example.com`."""
    return any(name in domains for name in chain(host))


def _is_numeric(host: str) -> bool:
    last = host.rpartition(".")[2]
    return last.isdigit() or (last.startswith("0x") and _is_hexadecimal(last[2:]))


def _is_hexadecimal(text: str) -> bool:
    return all(character in "0123456789abcdef" for character in text)


def _ipv4(host: str) -> IPv4Address:
    """Decimal, octal (`0177`) or hexadecimal (`0x7f`); the last part fills what is left."""
    parts = host.split(".")
    if len(parts) > _IPV4_PARTS:
        raise NotAnAddress(host)
    *leading, last = map(_number, parts)
    if any(number >= _BYTE for number in leading) or last >= _BYTE ** (5 - len(parts)):
        raise NotAnAddress(host)
    value = last
    for place, number in enumerate(leading):
        value += number * _BYTE ** (3 - place)
    return IPv4Address(value)


def _number(text: str) -> int:
    try:
        if text.startswith("0x"):
            return int(text[2:] or "0", 16)
        return int(text, 8 if text.startswith("0") and len(text) > 1 else 10)
    except ValueError:
        raise NotAnAddress(text) from None
