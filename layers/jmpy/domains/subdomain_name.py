"""The names that an account may choose in the operator's zone."""

from __future__ import annotations

import re

from jmpy.domains.errors import InvalidSubdomain, SubdomainsUnavailable
from jmpy.lengths import too_long

SHORTEST = 3
LONGEST = 63
"""Of a label (RFC 1035 section 2.3.4)."""

PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$"
_NAME = re.compile(PATTERN)

_RULE = "A subdomain has 3 to 63 letters, digits and '-', and neither begins nor ends with '-'"

# The public contract's; then names of hosts that programs or people trust, and ours.
_RESERVED_WORDS = """
www api admin app mail ftp blog shop store support help docs dev test staging
autoconfig autodiscover imap isatap mta-sts pop smtp webmail wpad
abuse account accounts auth billing hostmaster login postmaster security ssladmin sso status
webmaster
assets cdn cname dashboard edge localhost static
"""
RESERVED = frozenset(_RESERVED_WORDS.split())


def checked(name: str) -> str:
    """In lower case. Raises InvalidSubdomain."""
    if len(name) > LONGEST:
        raise InvalidSubdomain(too_long("The subdomain", len(name), LONGEST))
    if len(name) < SHORTEST or not _NAME.fullmatch(name):
        raise InvalidSubdomain(_RULE)
    name = name.lower()
    if name[2:4] == "--":  # of A-labels, and of what RFC 5891 section 4.2.3.1 leaves for later
        raise InvalidSubdomain("The third and fourth character of a subdomain cannot both be '-'")
    if name in RESERVED:
        raise InvalidSubdomain(f"{name!r} is a reserved word; choose another subdomain")
    return name


def host(name: str, zone: str) -> str:
    """Of a checked name in the operator's zone, such as `go.example.com`. Raises
    SubdomainsUnavailable without a zone, InvalidSubdomain if the host would be too long."""
    if not zone:
        raise SubdomainsUnavailable
    found = f"{name}.{zone}"
    if len(found) > _LONGEST_HOST:
        raise InvalidSubdomain(too_long("The whole domain", len(found), _LONGEST_HOST))
    return found


_LONGEST_HOST = 253
"""Characters (RFC 1035 section 2.3.4)."""
