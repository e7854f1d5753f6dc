"""How a change of links changes the numbers of the domains that they are on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jmpy.domains.model import DomainName
    from jmpy.links.model import Link


@dataclass(frozen=True, slots=True)
class Difference:
    domain: DomainName
    links: int
    """How many more short URLs are on it; may be negative."""
    qr_codes: int
    """How many more QR codes contain an address on it."""
    joins: bool
    """Whether a link takes a code on it."""


def differences(before: Sequence[Link], after: Sequence[Link]) -> list[Difference]:
    """Of each domain whose numbers change, or on which a link takes a code."""
    there = {address for link in before for address in link.addresses}
    gained = {
        domain
        for link in after
        for address in link.addresses
        if address not in there and (domain := link.domain_of(address)) is not None
    }
    links = _signed((link.domain for link in before), (link.domain for link in after))
    qr_codes = _signed((link.qr_domain for link in before), (link.qr_domain for link in after))
    return [
        Difference(domain, links[domain], qr_codes[domain], domain in gained)
        for domain in dict.fromkeys([*links, *qr_codes, *gained])
        if links[domain] or qr_codes[domain] or domain in gained
    ]


def _signed(
    before: Iterable[DomainName | None], after: Iterable[DomainName | None]
) -> Counter[DomainName]:
    numbers = Counter(domain for domain in after if domain is not None)
    numbers.subtract(domain for domain in before if domain is not None)
    return numbers
