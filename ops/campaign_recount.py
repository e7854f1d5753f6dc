"""Corrects which links campaigns have, and how many.

The transactions of links keep both exact; a backup, which is read item by item while links change,
may contain a link without its membership, or a count of another moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import read, transact
from jmpy.campaigns.item import from_item
from jmpy.links import account_items, membership
from jmpy.links.item import link_key
from jmpy.retry import CONTENTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.aws.codec import Item
    from jmpy.campaigns.model import Campaign
    from jmpy.links.model import Link
    from jmpy.links.store import LinkStore

_PAGE = 100
"""Memberships that are compared with their links at a time."""


class CampaignRecount:
    def __init__(self, client: DynamoDBClient, table: str, links: LinkStore) -> None:
        self._client = client
        self._table = table
        self._links = links

    def join(self, links: Iterable[Link]) -> int:
        """Adds the memberships that are missing of links; returns how many. Counts nothing."""
        named = [link for link in links if link.campaign_id is not None]
        keys = {self._sort_key(link): self._key(link) for link in named}
        found = read(self._client, self._table, list(keys.values()), ConsistentRead=True)
        present = {item["sk"]["S"] for item in found}
        missing = [link for link in named if self._sort_key(link) not in present]
        return sum(self._joined(link) for link in missing)

    def correct(self, campaign: Campaign) -> bool:
        """Whether its memberships or its number of links was wrong. A campaign whose links change
        all the time stays as it is."""
        is_corrected = False
        for _ in CONTENTION.numbers():
            prefix = membership.CAMPAIGN.count_prefix(campaign.id)
            counts = account_items.query(self._client, self._table, campaign.account_id, prefix)[
                "Items"
            ]
            strays, number = self._members(campaign)
            is_corrected |= strays > 0
            difference = number - membership.total(counts)
            if not counts or not difference:
                return is_corrected
            if not transact(self._client, self._added(counts, difference)):
                return True
        return is_corrected

    def _members(self, campaign: Campaign) -> tuple[int, int]:
        """How many memberships were deleted, because the link is not in the campaign, and how many
        are right."""
        strays, number, after = 0, 0, None
        account_id = campaign.account_id
        while True:
            ids, after = self._links.campaign_links.ids(account_id, campaign.id, _PAGE, after)
            found = self._links.find_all(account_id, ids, consistent=True)
            right = {link.id for link in found.values() if link.campaign_id == campaign.id}
            number += len(right)
            strays += sum(self._left(campaign, link_id) for link_id in ids if link_id not in right)
            if after is None:
                return strays, number

    def _joined(self, link: Link) -> bool:
        """Unless the link moved meanwhile."""
        item: Item = self._key(link)
        put = {"Put": {"TableName": self._table, "Item": item}}
        is_in_it = self._check(
            link.account_id, link.id, "campaign_id = :campaign", link.campaign_id
        )
        return not transact(self._client, [put, is_in_it])

    def _left(self, campaign: Campaign, link_id: str) -> bool:
        """Unless the link came back meanwhile."""
        key = membership.CAMPAIGN.key(campaign.account_id, campaign.id, link_id)
        delete = {"Delete": {"TableName": self._table, "Key": key}}
        condition = "attribute_not_exists(campaign_id) OR campaign_id <> :campaign"
        is_not_in_it = self._check(campaign.account_id, link_id, condition, campaign.id)
        return not transact(self._client, [delete, is_not_in_it])

    def _check(
        self, account_id: str, link_id: str, condition: str, campaign_id: str | None
    ) -> dict[str, Any]:
        check = {
            "TableName": self._table,
            "Key": link_key(account_id, link_id),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":campaign": {"S": campaign_id}},
        }
        return {"ConditionCheck": check}

    def _added(self, counts: list[Item], difference: int) -> list[dict[str, Any]]:
        """To the first of the counts, if all are as they were read."""
        writes: list[dict[str, Any]] = []
        for position, item in enumerate(counts):
            write: dict[str, Any] = {
                "TableName": self._table,
                "Key": {"pk": item["pk"], "sk": item["sk"]},
                "ConditionExpression": "links = :read",
                "ExpressionAttributeValues": {":read": item["links"]},
            }
            if position == 0:
                write["UpdateExpression"] = "ADD links :difference"
                write["ExpressionAttributeValues"][":difference"] = {"N": str(difference)}
                writes.append({"Update": write})
            else:
                writes.append({"ConditionCheck": write})
        return writes

    def _key(self, link: Link) -> Item:
        return membership.CAMPAIGN.key(link.account_id, str(link.campaign_id), link.id)

    def _sort_key(self, link: Link) -> str:
        return str(self._key(link)["sk"]["S"])


def campaigns_of(client: DynamoDBClient, table: str) -> Iterable[Campaign]:
    """Those of all accounts. Reads the whole table."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression="begins_with(sk, :campaign)",
        ExpressionAttributeValues={":campaign": {"S": "campaign#"}},
    )
    for page in pages:
        yield from map(from_item, page["Items"])
