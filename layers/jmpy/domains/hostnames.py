"""Names that a branded domain can have: what people may own, and what is not ours.

Accepted in any spelling, stored as the Domain Name System has it: A-labels in lower case, without a
dot at the end. The standard of internationalized names is IDNA 2008 with the mapping of UTS 46.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jmpy.domains.branded_errors import InvalidHost
from jmpy.links import homographs, hosts
from jmpy.links.errors import InvalidDestination

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

    from jmpy.gateway.own_names import OwnNames

MAX_LENGTH = 247
"""Of a name in ASCII: with the label of its TXT record it has at most 253 (RFC 1035)."""

TEST_TLD = "test"
"""RFC 6761: for tests on one's own machines."""

RESERVED_TLDS = frozenset(
    "alt arpa example internal invalid local localhost onion".split()  # noqa: SIM905
) | {TEST_TLD}
"""Top-level domains that nobody can own a name in: RFC 2606, 6761, 6762, 7686, 8375 and 9476, and
ICANN's resolution 2024.07.29.06 (`internal`)."""

CLOUD_DOMAINS = frozenset({"amazonaws.com", "amazonaws.com.cn", "cloudfront.net"})
"""Names in them are Amazon's, whoever uses the resource behind one now."""

_NOT_IN_A_NAME = re.compile(r"[\s/:@?#\[\]]")


@dataclass(frozen=True, slots=True)
class HostRules:
    own: OwnNames
    """This deployment's names; neither they nor names below them can be branded domains."""
    zones: frozenset[str]
    """Zones of this deployment, in lower case and ASCII: that of the subdomains and that of the
    targets."""
    allows_test_tld: bool = False

    def check(self, text: str) -> str:
        """The name as it is stored. Raises InvalidHost with the reason."""
        host = _encoded(text.strip())
        _check_scripts(host)
        tld = host.rpartition(".")[2]
        if tld in RESERVED_TLDS and not (self.allows_test_tld and tld == TEST_TLD):
            raise InvalidHost(f"{_quoted(host)} cannot be owned: .{tld} is a reserved name")
        if hosts.is_within(host, self.zones) or any(map(self.own.have, hosts.chain(host))):
            raise InvalidHost(
                f"{_quoted(host)} is a name of this service; for one of its subdomains, use "
                "POST /api/v1/domains/subdomains"
            )
        if hosts.is_within(host, CLOUD_DOMAINS):
            raise InvalidHost(f"{_quoted(host)} is a name of Amazon Web Services; use one you own")
        if _public_suffixes().is_public(host):
            raise InvalidHost(
                f"{_quoted(host)} is a public suffix, below which anybody can register a name; "
                "use one that you own"
            )
        return host


def _encoded(text: str) -> str:
    """Raises InvalidHost."""
    import idna  # noqa: PLC0415 - few requests need it

    if "*" in text:
        raise InvalidHost("A wildcard cannot be a branded domain; name one host")
    if found := _NOT_IN_A_NAME.search(text):
        raise InvalidHost(
            f"Send the host name alone, such as go.example.com, without {found.group()!r}"
        )
    try:
        host = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").removesuffix(".")
    except (idna.IDNAError, UnicodeError, OverflowError):
        raise InvalidHost(f"{text[:100]!r} is not a valid host name") from None
    if len(host) > MAX_LENGTH:
        raise InvalidHost(f"A branded domain has at most {MAX_LENGTH} characters")
    if "." not in host:
        raise InvalidHost(f"{_quoted(host)} is a single label; a host name has a domain as well")
    if len(list(hosts.chain(host))) == 1:
        raise InvalidHost("An IP address cannot be a branded domain; use a host name")
    return host


def _check_scripts(host: str) -> None:
    """Raises InvalidHost."""
    try:
        homographs.check(host)
    except InvalidDestination as error:
        raise InvalidHost(str(error)) from None


def _quoted(host: str) -> str:
    shown = homographs.shown(host)
    return repr(host) if shown == host else f"{shown!r} ({host})"


@cache
def _public_suffixes() -> PublicSuffixList:
    """Parsing the list takes 40 ms, which only a claim waits for."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - only a claim needs it

    return PublicSuffixList()
