"""Campaigns in DynamoDB, in the table of the links: a campaign, its name, its numbers of links and
the account's count change together or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.aws import dynamodb
from jmpy.aws.codec import NUMBER, TEXT
from jmpy.aws.dynamodb import transact_recorded
from jmpy.campaigns.errors import CampaignHasLinks, CampaignNotFound
from jmpy.campaigns.item import (
    CAMPAIGN,
    campaign_key,
    from_item,
    name_key,
    to_item,
    to_name_item,
)
from jmpy.campaigns.model import Numbers
from jmpy.links import account_items, codes, counts, membership
from jmpy.links.members import Members

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.campaigns.model import Campaign
    from jmpy.transaction import TransactionItem


class NameTaken(Exception):
    """Another campaign of the account has the name."""


class StaleCampaign(Exception):
    """The campaign, or its number of links, changed since it was read."""


class CampaignStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table
        self._links = Members(client, table, membership.CAMPAIGN)

    def find(self, account_id: str, reference: str) -> Campaign:
        """By UUID or name. A UUID that one of the account's campaigns has wins over a name of the
        same spelling. Raises CampaignNotFound."""
        found = self.find_all(account_id, [reference])
        if not found:
            raise CampaignNotFound
        return found[reference]

    def find_all(self, account_id: str, references: Collection[str]) -> dict[str, Campaign]:
        """The campaigns that exist, by their references, each as in `find`."""
        ids = {text: text.lower() for text in references if codes.is_link_id(text)}
        by_id = self.with_ids(account_id, set(ids.values()))
        found = {text: by_id[id_] for text, id_ in ids.items() if id_ in by_id}
        keys = {text: name_key(account_id, text) for text in references if text not in found}
        named = {item["sk"]["S"]: item["campaign_id"]["S"] for item in self._read(keys.values())}
        by_id = self.with_ids(account_id, set(named.values()))
        for text, key in keys.items():
            campaign = by_id.get(named.get(key["sk"]["S"], ""))
            if campaign is not None:
                found[text] = campaign
        return found

    def with_ids(self, account_id: str, ids: Collection[str]) -> dict[str, Campaign]:
        """Those of the campaigns that exist, by id. No call without an id."""
        found = map(from_item, self._read(campaign_key(account_id, one) for one in ids))
        return {campaign.id: campaign for campaign in found}

    def newest(self, account_id: str, most: int) -> Iterator[Campaign]:
        """Up to `most` campaigns; page after page of up to one megabyte."""
        start: dict[str, Any] = {}
        while most > 0:
            response = self._query(
                account_id, "campaign#", ScanIndexForward=False, Limit=most, **start
            )
            yield from map(from_item, response["Items"])
            most -= len(response["Items"])
            if "LastEvaluatedKey" not in response:
                return
            start = {"ExclusiveStartKey": response["LastEvaluatedKey"]}

    def count(self, account_id: str) -> int:
        """How many campaigns the account has; one query of at most `counts.SHARDS` small items."""
        return counts.total(self._query(account_id, "count#")["Items"], counts.CAMPAIGNS)

    def numbers(self, account_id: str, oldest: str, newest: str) -> dict[str, Numbers]:
        """Of the campaigns from the id `oldest` to `newest`, by id (`Members.counts_of_all`)."""
        found = self._links.counts_of_all(account_id, oldest, newest)
        return {
            campaign_id: Numbers(
                **{name: membership.total(counts, name) for name in ("links", "clicks", "bots")}
            )
            for campaign_id, counts in found.items()
        }

    def add(self, campaign: Campaign, *records: TransactionItem) -> None:
        """Raises NameTaken, RecordRejected."""
        account_id = campaign.account_id
        items = [to_item(campaign), *membership.CAMPAIGN.empty_counts(account_id, campaign.id)]
        writes = [self._put_new(item) for item in (to_name_item(campaign), *items)]
        writes.append(counts.counted(self._table, account_id, campaigns=1))
        if transact_recorded(self._client, writes, records):
            raise NameTaken

    def change(
        self, campaign: Campaign, changes: dict[str, Any], *records: TransactionItem
    ) -> Campaign:
        """Sets the changed fields (None removes one) if nobody else changed the campaign, and moves
        its name. Raises StaleCampaign, NameTaken, RecordRejected."""
        changed = replace(campaign, version=campaign.version + 1, **changes)
        attributes = CAMPAIGN.encode_changes({**changes, "version": changed.version})
        key = campaign_key(campaign.account_id, campaign.id)
        writes = [account_items.update(self._table, key, attributes, campaign.version)]
        name_item = to_name_item(changed)
        if name_item != to_name_item(campaign):
            writes += [self._put_new(name_item), self._name_deleted(campaign)]
        failed = transact_recorded(self._client, writes, records)
        if failed == [1]:
            raise NameTaken
        if failed:
            raise StaleCampaign
        return changed

    def remove(
        self, campaign: Campaign, *records: TransactionItem, only_without_links: bool = True
    ) -> None:
        """Its links remain, and name a campaign that is gone. Raises StaleCampaign when it changed
        or is gone, CampaignHasLinks, RecordRejected."""
        key = campaign_key(campaign.account_id, campaign.id)
        writes = [
            self._deleted(key, "version", NUMBER.encode(campaign.version)),
            self._name_deleted(campaign),
            *self._counts_deleted(campaign, only_without_links=only_without_links),
            counts.counted(self._table, campaign.account_id, campaigns=-1),
        ]
        if transact_recorded(self._client, writes, records):
            raise StaleCampaign

    def _counts_deleted(
        self, campaign: Campaign, *, only_without_links: bool
    ) -> list[TransactionItem]:
        """Raises CampaignHasLinks."""
        if only_without_links:
            links, deletion = self._links.deletion(campaign.account_id, campaign.id)
            if links:
                raise CampaignHasLinks(links)
            return deletion
        keys = (
            membership.CAMPAIGN.count_key(campaign.account_id, campaign.id, shard)
            for shard in range(membership.SHARDS)
        )
        return [{"Delete": {"TableName": self._table, "Key": key}} for key in keys]

    def _read(self, keys: Iterable[Item]) -> Iterator[Item]:
        """The items with these keys, some of which may be the same, that exist."""
        distinct = {key["sk"]["S"]: key for key in keys}
        return dynamodb.read(
            self._client, self._table, list(distinct.values()), ConsistentRead=True
        )

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)

    def _put_new(self, item: Item) -> TransactionItem:
        condition = "attribute_not_exists(pk)"
        return {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": condition}}

    def _name_deleted(self, campaign: Campaign) -> TransactionItem:
        key = name_key(campaign.account_id, campaign.name)
        return self._deleted(key, "campaign_id", TEXT.encode(campaign.id))

    def _deleted(self, key: Item, name: str, value: Item) -> TransactionItem:
        """If the attribute still has the value that was read."""
        delete = {
            "TableName": self._table,
            "Key": key,
            "ConditionExpression": f"{name} = :read",
            "ExpressionAttributeValues": {":read": value},
        }
        return {"Delete": delete}
