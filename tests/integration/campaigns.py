"""Campaigns of the tests about their links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.campaigns.model import Campaign
from jmpy.campaigns.store import CampaignStore
from jmpy.links import membership
from jmpy.uuid7 import uuid7
from project.tables import LINKS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def create_campaign(
    client: DynamoDBClient,
    account_id: str,
    name: str = "Autumn 2026",
    campaign_id: str | None = None,
    utm: dict[str, str] | None = None,
) -> str:
    """Returns its id."""
    campaign_id = campaign_id or uuid7(1_800_000_000)
    campaign = Campaign(campaign_id, account_id, name, 1_800_000_000, 1_800_000_000)
    campaign = replace(campaign, utm=utm or {})
    CampaignStore(client, LINKS).add(campaign)
    return campaign.id


def delete_campaign(client: DynamoDBClient, account_id: str, reference: str) -> None:
    """Its links remain as they are."""
    store = CampaignStore(client, LINKS)
    store.remove(store.find(account_id, reference), only_without_links=False)


def members(client: DynamoDBClient, account_id: str, campaign_id: str) -> list[str]:
    """The ids of its links, the oldest first."""
    found = _items(client, account_id, membership.CAMPAIGN.link_prefix(campaign_id))
    return [str(item["sk"]["S"]).rpartition("#")[2] for item in found]


def link_count(client: DynamoDBClient, account_id: str, campaign_id: str) -> int:
    return membership.total(counts_of(client, account_id, campaign_id))


def counts_of(client: DynamoDBClient, account_id: str, campaign_id: str) -> list[dict[str, Any]]:
    return _items(client, account_id, membership.CAMPAIGN.count_prefix(campaign_id))


def click_count(client: DynamoDBClient, account_id: str, campaign_id: str) -> int:
    items = _items(client, account_id, membership.CAMPAIGN.count_prefix(campaign_id))
    return sum(int(item.get("clicks", {"N": "0"})["N"]) for item in items)


def _items(client: DynamoDBClient, account_id: str, prefix: str) -> list[dict[str, Any]]:
    return client.query(
        TableName=LINKS,
        KeyConditionExpression="pk = :account AND begins_with(sk, :prefix)",
        ExpressionAttributeValues={
            ":account": {"S": f"account#{account_id}"},
            ":prefix": {"S": prefix},
        },
        ConsistentRead=True,
    )["Items"]
