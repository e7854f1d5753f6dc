"""Where a link may lead."""

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from jmpy.links.errors import InvalidDestination
from jmpy.links.own_names import NOWHERE, OwnNames

MAX_LENGTH = 2048
MAX_HOST_LENGTH = 253

# What RFC 3986 allows in a path, query or fragment, and the sign of what is encoded already.
_KEPT = "%/:?#[]@!$&'()*+,;=~-._"

# RFC 1123 labels, and the underscore that real host names have.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

# Browsers read a host whose last label is a number as an IPv4 address, however it is written
# (https://url.spec.whatwg.org/#ends-in-a-number-checker).
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_BRACKETS = re.compile(r"\[([^]]*)](?::[0-9]*)?")


def checked(url: str, own: OwnNames = NOWHERE) -> str:
    """The destination as it will be stored, in ASCII: scheme and host in lower case, an
    internationalised host as IDNA 2008 (UTS 46), other characters percent-encoded as UTF-8. It
    may lead to none of the `own` names.

    Raises InvalidDestination with the reason.
    """
    if len(url) > MAX_LENGTH:
        raise InvalidDestination(f"A destination has at most {MAX_LENGTH} characters")
    if not url.isprintable() or " " in url or "\\" in url:
        raise InvalidDestination(
            "A destination has no spaces, no backslashes and no control characters"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidDestination("The destination is not a valid URL") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise InvalidDestination("A destination is an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise InvalidDestination("A destination has no user name and no password")
    host = _ascii_host(parts)
    stored = urlunsplit(
        (
            parts.scheme.lower(),
            host if port is None else f"{host}:{port}",
            *(quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment)),
        )
    )
    if own.include(stored):
        raise InvalidDestination("A short URL cannot lead to this service itself")
    if len(stored) > MAX_LENGTH:
        raise InvalidDestination(f"A destination has at most {MAX_LENGTH} characters")
    return stored


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        if "[" in parts.netloc:
            return f"[{_ipv6(parts.netloc)}]"
        host = _idna(host).removesuffix(".")
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return str(IPv4Address(host))
    except ValueError:  # also of the idna package
        raise InvalidDestination(f"{host[:100]!r} is not a valid host name") from None
    if len(host) > MAX_HOST_LENGTH or not _HOST.fullmatch(host):
        raise InvalidDestination(f"{host[:100]!r} is not a valid host name")
    return host


def _ipv6(netloc: str) -> IPv6Address:
    """Raises ValueError, also on a zone, which names a network interface of one machine, and on
    what brackets may hold beside (RFC 3986 has room for versions to come)."""
    between = _BRACKETS.fullmatch(netloc)
    address = IPv6Address(between[1] if between else "")
    if address.scope_id is not None:
        raise ValueError
    return address


def _idna(host: str) -> str:
    """Raises ValueError."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415 - its tables are large and most hosts do not need them

    return idna.encode(host, uts46=True).decode("ascii")
