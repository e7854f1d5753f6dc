"""Removes the links on a domain that is being deleted, many in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jmpy.links.store import LinkStore
from jmpy.links.writes import MAX_WRITES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jmpy.domains.model import Domain
    from jmpy.links.model import Link


class DomainLinks(LinkStore):
    BATCH: ClassVar[int] = 49
    """Links that fit into one transaction, if none has a QR code or is in a campaign: each has a
    record and a code, and all of them one count of the account and one of the domain."""

    def remove_on(self, domain: Domain, link_ids: Sequence[str], now: int) -> None:
        """Those of the links that are on the domain; their codes on it are void, others are held.
        Raises StaleLink when one changed meanwhile; then some may remain."""
        found = self.find_all(domain.account_id, link_ids, consistent=True).values()
        links = [link for link in found if link.domain == domain.named]
        for batch in _batches(links):
            writes = self._writes()
            writes.remove_all(batch, domain.id, now)
            self._commit(writes, ())


def _batches(links: Sequence[Link]) -> Iterator[list[Link]]:
    batch: list[Link] = []
    used = 0
    for link in links:
        size = _size(link)
        if batch and used + size > MAX_WRITES - 2:
            yield batch
            batch, used = [], 0
        batch.append(link)
        used += size
    if batch:
        yield batch


def _size(link: Link) -> int:
    """Its record and codes; its QR code, and that code's domain; its campaign, and its count."""
    in_campaign = 2 if link.campaign_id is not None else 0
    with_qr_code = 2 if link.qr_id is not None else 0
    return 1 + len(link.addresses) + with_qr_code + in_campaign
