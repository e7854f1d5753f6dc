"""What a transaction writes about links: their records and codes, what they count in, and the
campaigns that they join and leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, TEXT
from jmpy.clock import DAY
from jmpy.links import account_items, counts, membership
from jmpy.links.domain_numbers import differences
from jmpy.links.errors import UnknownCampaign, UnknownDomain
from jmpy.links.item import (
    LINK,
    code_key,
    destination_key,
    link_key,
    qr_key,
    to_code_items,
    to_link_item,
    to_tombstone_item,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from jmpy.aws.codec import Item
    from jmpy.domains.model import DomainName
    from jmpy.links.membership import Membership
    from jmpy.links.model import Link
    from jmpy.transaction import TransactionItem

HELD = 90 * DAY
"""Seconds for which the code of a link that was deleted or moved is held for its account."""

CLOSED = "takes no short URLs now; read its state"

MAX_WRITES = 100
"""Which DynamoDB accepts in one transaction."""


class CodeTaken(Exception):
    """Another link holds the code."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class StaleLink(Exception):
    """The link was changed or deleted since it was read."""


def batch_size(*, qr_codes: bool, campaigns: bool, domains: bool) -> int:
    """How many links fit into one transaction beside the account's count. Each has a record and a
    code; with a QR code three items more, in a campaign and on a domain each a membership and
    perhaps a count, and perhaps that of another domain, on which its QR code is."""
    of_domains = (2 + qr_codes) * domains
    return (MAX_WRITES - 1) // (2 + 3 * qr_codes + 2 * campaigns + of_domains)


class LinkWrites:
    """Writes about links of one account, and what the failed conditions of some of them mean."""

    def __init__(self, table: str) -> None:
        self.items: list[TransactionItem] = []
        self.addresses: dict[int, str] = {}
        """Of the codes that links take, by the positions of the writes."""
        self.campaigns: dict[int, str] = {}
        """Ids of the campaigns that links join, by the positions of the writes that count them."""
        self.domains: dict[int, DomainName] = {}
        """Domains on which links take codes, by the positions of the writes that count them."""
        self.optional: set[int] = set()
        """Positions of the writes that are left out if their condition fails: those that count a
        link out of a campaign or a domain that was deleted, and those of codes on a domain that
        another account has by now."""
        self._table = table
        self._read: set[int] = set()
        """Positions of the writes whose condition is that the link is as it was read."""

    def failure(
        self, failed: Collection[int]
    ) -> CodeTaken | UnknownCampaign | UnknownDomain | StaleLink:
        """`failed`: the positions of the writes whose conditions failed; at least one, and not only
        optional ones."""
        if not self._read.isdisjoint(failed):
            return StaleLink()
        if closed := [self.domains[position] for position in failed if position in self.domains]:
            return UnknownDomain(closed[0].host, CLOSED)
        taken = [self.addresses[position] for position in failed if position in self.addresses]
        return CodeTaken(taken[0]) if taken else UnknownCampaign()

    def add(self, links: Sequence[Link], also: Sequence[TransactionItem] = ()) -> None:
        """Links of one account, which all count at once, and what is to be written with them."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        for link in links:
            for address, item in to_code_items(link).items():
                self._take(link, address, item)
            self.items.append({"Put": {**fresh, "Item": to_link_item(link)}})
            if link.campaign_id is not None:
                self._join(membership.CAMPAIGN, link, link.campaign_id)
            if link.domain is not None:
                self._join(membership.DOMAIN, link, link.domain.id)
        self.items += also
        qr_codes = sum(link.qr_id is not None for link in links)
        account_id = links[0].account_id
        self._count(account_id, links=len(links), qr_codes=qr_codes)
        joined = Counter(link.campaign_id for link in links if link.campaign_id is not None)
        for campaign_id, number in joined.items():
            self._count_joined(account_id, campaign_id, number)
        self._count_domains(account_id, before=[], after=links)

    def change(self, link: Link, changed: Link, changes: dict[str, Any]) -> None:
        """Sets the changed fields (None removes one), on condition of the version that was read. A
        code that the link gains is taken, and one that it loses is held."""
        attributes = LINK.encode_changes({**changes, "version": changed.version})
        if "url" in changes:
            attributes["destination"] = destination_key(link.account_id, changed.url)
        key = link_key(link.account_id, link.id)
        self._append_read(account_items.update(self._table, key, attributes, link.version))
        for address, item in to_code_items(changed).items():
            if address in link.addresses:
                self._append_owned(link, address, {"Put": {**self._owned(link), "Item": item}})
            else:
                self._take(changed, address, item)
        for address in link.addresses:
            if address not in changed.addresses:
                self._hold(link, address, changed.updated_at)
        self._move(link, changed)

    def remove(self, link: Link, now: int, *, release: bool) -> None:
        """Of the version that was read. Holds its codes for its account; releases its short code
        with `release`, unless the link was taken down."""
        self._append_read(self._record_deleted(link))
        for address in link.addresses:
            if release and address == link.address and not link.taken_down:
                delete = {**self._owned(link), "Key": code_key(address)}
                self._append_owned(link, address, {"Delete": delete})
            else:
                self._hold(link, address, now)
        self._count(link.account_id, links=-1)
        if link.qr_id is not None:
            self._unlink(link.account_id, link.qr_id)
        self._leave(membership.CAMPAIGN, link, link.campaign_id)
        self._leave(membership.DOMAIN, link, _id(link.domain))
        self._count_left(link.account_id, link.campaign_id)
        self._count_domains(link.account_id, before=[link], after=[])

    def remove_all(self, links: Sequence[Link], domain_id: str, now: int) -> None:
        """Links of one account on a domain that is being deleted, of the versions that were read.
        Their codes on it are void, others are held; their memberships of it remain."""
        for link in links:
            self._append_read(self._record_deleted(link))
            for address in link.addresses:
                domain = link.domain_of(address)
                if domain is not None and domain.id == domain_id:
                    delete = {**self._owned(link), "Key": code_key(address)}
                    self._append_optional({"Delete": delete})
                else:
                    self._hold(link, address, now)
            if link.qr_id is not None:
                self._unlink(link.account_id, link.qr_id)
            self._leave(membership.CAMPAIGN, link, link.campaign_id)
        account_id = links[0].account_id
        self._count(account_id, links=-len(links))
        left = Counter(link.campaign_id for link in links if link.campaign_id is not None)
        for campaign_id, number in left.items():
            campaign = membership.CAMPAIGN
            self._append_optional(campaign.counted(self._table, account_id, campaign_id, -number))
        self._count_domains(account_id, before=links, after=[])

    def _record_deleted(self, link: Link) -> TransactionItem:
        """Of the version that was read."""
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": NUMBER.encode(link.version)},
        }
        return {"Delete": record}

    def _append_read(self, item: TransactionItem) -> None:
        self._read.add(len(self.items))
        self.items.append(item)

    def _append_optional(self, item: TransactionItem) -> None:
        self.optional.add(len(self.items))
        self.items.append(item)

    def _append_owned(self, link: Link, address: str, item: TransactionItem) -> None:
        """A write of a code that the link has. On a domain, the code may be another account's by
        now, who has the domain: then it stays as it is. On the default one, it may not."""
        append = self._append_read if link.domain_of(address) is None else self._append_optional
        append(item)

    def _take(self, link: Link, address: str, item: Item) -> None:
        """If nobody has the code, and it is held for nobody else: as `Target.is_available_to`. What
        a former owner of the domain left on it is void."""
        domain = link.domain_of(address)
        values = {
            ":none": TEXT.encode(""),
            ":account": TEXT.encode(link.account_id),
            ":now": NUMBER.encode(link.updated_at),
        }
        if domain is not None:
            values[":domain"] = TEXT.encode(domain.id)
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR (#url = :none "
            "AND attribute_not_exists(taken_down) "
            "AND (account_id = :account OR held_until <= :now))"
            + ("" if domain is None else " OR domain_id <> :domain"),
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": values,
        }
        self.addresses[len(self.items)] = address
        self.items.append({"Put": put})

    def _owned(self, link: Link) -> Item:
        """The condition that a code of the link is still its own."""
        return {
            "TableName": self._table,
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": TEXT.encode(link.id)},
        }

    def _hold(self, link: Link, address: str, now: int) -> None:
        tombstone = to_tombstone_item(link, address, now + HELD)
        self._append_owned(link, address, {"Put": {**self._owned(link), "Item": tombstone}})

    def _unlink(self, account_id: str, qr_id: str) -> None:
        """A QR code whose link is deleted remains, and leads nowhere."""
        update = {
            "TableName": self._table,
            "Key": qr_key(account_id, qr_id),
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": "REMOVE link_id",
        }
        self._append_read({"Update": update})

    def _count(self, account_id: str, **numbers: int) -> None:
        self.items.append(counts.counted(self._table, account_id, **numbers))

    def _move(self, link: Link, changed: Link) -> None:
        """From campaign to campaign, and from domain to domain."""
        if link.campaign_id != changed.campaign_id:
            if changed.campaign_id is not None:
                self._join(membership.CAMPAIGN, link, changed.campaign_id)
                self._count_joined(link.account_id, changed.campaign_id, 1)
            self._leave(membership.CAMPAIGN, link, link.campaign_id)
            self._count_left(link.account_id, link.campaign_id)
        if link.domain != changed.domain:
            if changed.domain is not None:
                self._join(membership.DOMAIN, link, changed.domain.id)
            self._leave(membership.DOMAIN, link, _id(link.domain))
        self._count_domains(link.account_id, before=[link], after=[changed])

    def _join(self, groups: Membership, link: Link, group_id: str) -> None:
        item = groups.key(link.account_id, group_id, link.id)
        self.items.append({"Put": {"TableName": self._table, "Item": item}})

    def _leave(self, groups: Membership, link: Link, group_id: str | None) -> None:
        if group_id is not None:
            key = groups.key(link.account_id, group_id, link.id)
            self.items.append({"Delete": {"TableName": self._table, "Key": key}})

    def _count_joined(self, account_id: str, campaign_id: str, links: int) -> None:
        self.campaigns[len(self.items)] = campaign_id
        self.items.append(membership.CAMPAIGN.counted(self._table, account_id, campaign_id, links))

    def _count_left(self, account_id: str, campaign_id: str | None) -> None:
        if campaign_id is not None:
            campaign = membership.CAMPAIGN
            self._append_optional(campaign.counted(self._table, account_id, campaign_id, -1))

    def _count_domains(
        self, account_id: str, before: Sequence[Link], after: Sequence[Link]
    ) -> None:
        """One write for each domain; where a link takes a code, on condition that the domain still
        is the account's."""
        for one in differences(before, after):
            write = membership.DOMAIN.counted(
                self._table,
                account_id,
                one.domain.id,
                one.links,
                qr_codes=one.qr_codes,
                joins=one.joins,
            )
            if one.joins:
                self.domains[len(self.items)] = one.domain
                self.items.append(write)
            else:
                self._append_optional(write)


def _id(domain: DomainName | None) -> str | None:
    return None if domain is None else domain.id
