"""Links in DynamoDB. A link, its code, its place in a campaign and all counts change together, or
not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from jmpy.aws.codec import NUMBER
from jmpy.aws.dynamodb import read, transact, transact_recorded
from jmpy.campaigns.store import CampaignStore
from jmpy.domains.lookup import DomainLookup
from jmpy.links import account_items, counts, membership
from jmpy.links.item import (
    blocklist_key,
    code_key,
    destination_key,
    link_key,
    to_hosts,
    to_link,
    to_target,
)
from jmpy.links.members import Members
from jmpy.links.writes import CodeTaken, LinkWrites

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.links.model import Link, Target
    from jmpy.transaction import TransactionItem

DESTINATION_INDEX = "links-by-destination"
"""Global secondary index: partition `destination`; keys only."""


class Rejected(NamedTuple):
    """Why links were left out."""

    addresses: set[str]
    """Codes that others hold."""
    campaigns: set[str]
    """Ids of campaigns that do not exist."""
    domains: set[str]
    """Ids of domains that are not the account's any more."""

    def has(self, link: Link) -> bool:
        return (
            not self.addresses.isdisjoint(link.addresses)
            or link.campaign_id in self.campaigns
            or self.has_domain(link)
        )

    def has_domain(self, link: Link) -> bool:
        """Whether the link is on such a domain, or its QR code."""
        return any(
            domain is not None and domain.id in self.domains
            for domain in (link.domain, link.qr_domain)
        )


class LinkStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table
        self.campaigns = CampaignStore(client, table)
        self.domains = DomainLookup(client, table)
        self.campaign_links = Members(client, table, membership.CAMPAIGN)
        self.domain_links = Members(client, table, membership.DOMAIN)

    def target(self, address: str) -> Target | None:
        """What a redirect needs, or what a link left behind. Consistent, so that a new link works
        at once."""
        item = self._get(code_key(address))
        return to_target(item) if item else None

    def blocked_hosts(self) -> frozenset[str]:
        """Where no link may lead: hosts, and the domains that hosts are in."""
        return to_hosts(self._get(blocklist_key()))

    def find(self, account_id: str, link_id: str) -> Link | None:
        item = self._get(link_key(account_id, link_id))
        return to_link(item) if item else None

    def find_all(
        self, account_id: str, link_ids: Collection[str], *, consistent: bool = False
    ) -> dict[str, Link]:
        """Those of the links that exist, by id. May lag by moments behind a change, unless it is a
        consistent read."""
        keys = [link_key(account_id, link_id) for link_id in link_ids]
        links = map(to_link, read(self._client, self._table, keys, ConsistentRead=consistent))
        return {link.id: link for link in links}

    def page(
        self, account_id: str, limit: int, after: str | None = None, *, newest_first: bool = True
    ) -> tuple[list[Link], str | None]:
        """Up to `limit` links in order of creation, from behind the link id `after`, and the id
        to go on from. Reads the page, never the account."""
        start = {"ExclusiveStartKey": link_key(account_id, after)} if after else {}
        response = self._query(
            account_id, "link#", ScanIndexForward=not newest_first, Limit=limit, **start
        )
        links = [to_link(item) for item in response["Items"]]
        return links, links[-1].id if links and "LastEvaluatedKey" in response else None

    def count(self, account_id: str) -> int:
        """How many links the account has; one query of at most `counts.SHARDS` small items."""
        response = self._query(account_id, "count#")
        return counts.total(response["Items"], counts.LINKS)

    def newest(self, account_id: str, limit: int, after: str | None = None) -> Iterator[Link]:
        """The newest links, from behind the link id `after`; page after page of up to one
        megabyte."""
        while limit > 0:
            links, after = self.page(account_id, limit, after)
            yield from links
            limit -= len(links)
            if after is None:
                return

    def by_destination(self, account_id: str, url: str, limit: int) -> list[Link]:
        """Links that lead to `url`. The index may lag by moments behind a create."""
        found = self._client.query(
            TableName=self._table,
            IndexName=DESTINATION_INDEX,
            KeyConditionExpression="destination = :destination",
            ExpressionAttributeValues={":destination": destination_key(account_id, url)},
            Limit=limit,
        )["Items"]
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in found]
        links = map(to_link, read(self._client, self._table, keys))
        # The index may name a link that has since been given another destination.
        return sorted((link for link in links if link.url == url), key=lambda link: link.id)

    def targets(self, addresses: Collection[str]) -> dict[str, Target]:
        """Those of the addresses that links have, with where they lead, and that are held."""
        keys = [code_key(address) for address in addresses]
        items = read(self._client, self._table, keys, ConsistentRead=True)
        return {item["pk"]["S"].removeprefix("code#"): to_target(item) for item in items}

    def add(self, link: Link, *records: TransactionItem) -> None:
        """Adds the link, and what is to be written with it. Raises CodeTaken, UnknownCampaign,
        UnknownDomain, RecordRejected."""
        writes = self._writes()
        writes.add([link])
        self._commit(writes, records)

    def add_all(
        self,
        links: Sequence[Link],
        also: Callable[[Link], Sequence[TransactionItem]] = lambda _link: (),
    ) -> Rejected:
        """Adds up to `batch_size` links of one account with different addresses, each with what
        `also` returns for it, and leaves those out that it returns as rejected."""
        rejected = Rejected(set(), set(), set())
        while remaining := [link for link in links if not rejected.has(link)]:
            writes = self._writes()
            writes.add(remaining, [write for link in remaining for write in also(link)])
            failed = transact(self._client, writes.items)
            if not failed:
                break
            addresses, campaigns, domains = writes.addresses, writes.campaigns, writes.domains
            rejected.addresses.update(addresses[one] for one in failed if one in addresses)
            rejected.campaigns.update(campaigns[one] for one in failed if one in campaigns)
            rejected.domains.update(domains[one].id for one in failed if one in domains)
        return rejected

    def change(self, link: Link, changes: dict[str, Any], *records: TransactionItem) -> Link:
        """Sets the changed fields (None removes one) if nobody else changed the link, and writes
        the records with it. A code that it gains is taken, and one that it loses is held.

        Raises StaleLink, CodeTaken, UnknownCampaign, UnknownDomain, RecordRejected.
        """
        changed = replace(link, version=link.version + 1, **changes)
        if changed.address == changed.qr_address:
            raise CodeTaken(changed.address)
        writes = self._writes()
        writes.change(link, changed, changes)
        self._commit(writes, records)
        return changed

    def set_bot_count(self, link: Link, bots: int) -> bool:
        """Of its clicks. False when it was clicked or deleted since it was read."""
        update = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "UpdateExpression": "SET bot_count = :bots",
            "ConditionExpression": "click_count = :clicks",
            "ExpressionAttributeValues": {
                ":bots": NUMBER.encode(bots),
                ":clicks": NUMBER.encode(link.click_count),
            },
        }
        return not transact(self._client, [{"Update": update}])

    def remove(
        self, link: Link, now: int, *records: TransactionItem, release: bool = False
    ) -> None:
        """Holds its codes for its account; releases its short code if that is wanted and the link
        was not taken down, and never that of its QR code, which may be printed. Raises StaleLink
        when the link changed or is gone, RecordRejected."""
        writes = self._writes()
        writes.remove(link, now, release=release)
        self._commit(writes, records)

    def _writes(self) -> LinkWrites:
        return LinkWrites(self._table)

    def _commit(self, writes: LinkWrites, records: Sequence[TransactionItem]) -> None:
        """Raises what the failed conditions mean, RecordRejected."""
        left_out: set[int] = set()
        while True:
            remaining = [
                position for position in range(len(writes.items)) if position not in left_out
            ]
            items = [writes.items[position] for position in remaining]
            failed = {remaining[one] for one in transact_recorded(self._client, items, records)}
            if not failed:
                return
            if not writes.optional.issuperset(failed):
                raise writes.failure(failed)
            left_out |= failed

    def _get(self, key: Item) -> Item | None:
        response = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return response.get("Item")

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)
