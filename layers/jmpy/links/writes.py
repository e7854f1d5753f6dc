"""What a transaction writes about links: their records and codes, what they count in, and the
campaigns that they join and leave."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER, TEXT
from jmpy.campaigns import membership
from jmpy.clock import DAY
from jmpy.links import account_items, counts
from jmpy.links.errors import UnknownCampaign
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
    from collections.abc import Sequence

    from jmpy.aws.codec import Item
    from jmpy.links.model import Link
    from jmpy.transaction import TransactionItem

HELD = 90 * DAY
"""Seconds for which the code of a link that was deleted or moved is held for its account."""

_MAX_WRITES = 100
"""Which DynamoDB accepts in one transaction."""


class CodeTaken(Exception):
    """Another link holds the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class StaleLink(Exception):
    """The link was changed or deleted since it was read."""


def batch_size(*, qr_codes: bool, campaigns: bool) -> int:
    """How many links fit into one transaction beside the account's count. Each has a record and a
    code; with a QR code three items more, with a campaign a membership and perhaps a count."""
    return (_MAX_WRITES - 1) // (2 + 3 * qr_codes + 2 * campaigns)


class LinkWrites:
    """Writes about links of one account, and what the failed conditions of some of them mean."""

    def __init__(self, table: str) -> None:
        self.items: list[TransactionItem] = []
        self.codes: dict[int, str] = {}
        """Codes that links take, by the positions of the writes."""
        self.campaigns: dict[int, str] = {}
        """Ids of the campaigns that links join, by the positions of the writes that count them."""
        self.left: int | None = None
        """The position of the write that counts a link out of its campaign: the last one. It fails
        if the campaign was deleted."""
        self._table = table
        self._read: set[int] = set()
        """Positions of the writes whose condition is that the link is as it was read."""

    def failure(self, failed: Sequence[int]) -> CodeTaken | UnknownCampaign | StaleLink:
        """`failed`: the positions of the writes whose conditions failed; at least one."""
        if not self._read.isdisjoint(failed):
            return StaleLink()
        codes = [self.codes[position] for position in failed if position in self.codes]
        return CodeTaken(codes[0]) if codes else UnknownCampaign()

    def add(self, links: Sequence[Link], also: Sequence[TransactionItem] = ()) -> None:
        """Links of one account, which all count at once, and what is to be written with them."""
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        for link in links:
            for code, item in to_code_items(link).items():
                self._take(link, code, item)
            self.items.append({"Put": {**fresh, "Item": to_link_item(link)}})
            if link.campaign_id is not None:
                self._join(link, link.campaign_id)
        self.items += also
        qr_codes = sum(link.qr_id is not None for link in links)
        account_id = links[0].account_id
        self._count(account_id, links=len(links), qr_codes=qr_codes)
        joined = Counter(link.campaign_id for link in links if link.campaign_id is not None)
        for campaign_id, number in joined.items():
            self._count_joined(account_id, campaign_id, number)

    def change(self, link: Link, changed: Link, changes: dict[str, Any]) -> None:
        """Sets the changed fields (None removes one), on condition of the version that was read. A
        code that the link gains is taken, and one that it loses is held."""
        attributes = LINK.encode_changes({**changes, "version": changed.version})
        if "url" in changes:
            attributes["destination"] = destination_key(link.account_id, changed.url)
        key = link_key(link.account_id, link.id)
        self._append_read(account_items.update(self._table, key, attributes, link.version))
        for code, item in to_code_items(changed).items():
            if code in link.codes:
                self._append_read({"Put": {**self._owned(link), "Item": item}})
            else:
                self._take(changed, code, item)
        for code in link.codes:
            if code not in changed.codes:
                self._hold(link, code, changed.updated_at)
        if link.campaign_id != changed.campaign_id:
            if changed.campaign_id is not None:
                self._join(link, changed.campaign_id)
                self._count_joined(link.account_id, changed.campaign_id, 1)
            self._leave(link)

    def remove(self, link: Link, now: int, *, release: bool) -> None:
        """Of the version that was read. Holds its codes for its account; releases its short code
        with `release`, unless the link was taken down."""
        record = {
            "TableName": self._table,
            "Key": link_key(link.account_id, link.id),
            "ConditionExpression": "version = :read",
            "ExpressionAttributeValues": {":read": NUMBER.encode(link.version)},
        }
        self._append_read({"Delete": record})
        for code in link.codes:
            if release and code == link.short_code and not link.taken_down:
                self._append_read({"Delete": {**self._owned(link), "Key": code_key(code)}})
            else:
                self._hold(link, code, now)
        self._count(link.account_id, links=-1)
        if link.qr_id is not None:
            self._unlink(link.account_id, link.qr_id)
        self._leave(link)

    def _append_read(self, item: TransactionItem) -> None:
        self._read.add(len(self.items))
        self.items.append(item)

    def _take(self, link: Link, code: str, item: Item) -> None:
        """If nobody has the code, and it is held for nobody else: as `Target.is_available_to`."""
        put = {
            "TableName": self._table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR (#url = :none "
            "AND attribute_not_exists(taken_down) "
            "AND (account_id = :account OR held_until <= :now))",
            "ExpressionAttributeNames": {"#url": "url"},
            "ExpressionAttributeValues": {
                ":none": TEXT.encode(""),
                ":account": TEXT.encode(link.account_id),
                ":now": NUMBER.encode(link.updated_at),
            },
        }
        self.codes[len(self.items)] = code
        self.items.append({"Put": put})

    def _owned(self, link: Link) -> Item:
        """The condition that a code of the link is still its own."""
        return {
            "TableName": self._table,
            "ConditionExpression": "link_id = :link",
            "ExpressionAttributeValues": {":link": TEXT.encode(link.id)},
        }

    def _hold(self, link: Link, code: str, now: int) -> None:
        tombstone = to_tombstone_item(link, code, now + HELD)
        self._append_read({"Put": {**self._owned(link), "Item": tombstone}})

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

    def _join(self, link: Link, campaign_id: str) -> None:
        item = membership.membership_key(link.account_id, campaign_id, link.id)
        self.items.append({"Put": {"TableName": self._table, "Item": item}})

    def _count_joined(self, account_id: str, campaign_id: str, links: int) -> None:
        self.campaigns[len(self.items)] = campaign_id
        self.items.append(membership.counted(self._table, account_id, campaign_id, links))

    def _leave(self, link: Link) -> None:
        if link.campaign_id is None:
            return
        key = membership.membership_key(link.account_id, link.campaign_id, link.id)
        self.items.append({"Delete": {"TableName": self._table, "Key": key}})
        self.left = len(self.items)
        self.items.append(membership.counted(self._table, link.account_id, link.campaign_id, -1))
