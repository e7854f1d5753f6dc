"""Merges a backup's campaigns into a table that has links: restoring over a stack.

Campaigns that the stack has stay as they are there. Missing ones come back, unless another campaign
has the name now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.campaigns.item import from_item
from jmpy.campaigns.store import CampaignStore, NameTaken
from jmpy.links.store import LinkStore
from ops.campaign_recount import CampaignRecount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.campaigns.model import Campaign
    from ops.backup_file import Item

_OF_LINKS = frozenset({"pk", "sk", "links"})


def is_campaign(item: Item) -> bool:
    return bool(item["sk"]["S"].startswith("campaign#"))


def is_count(item: Item) -> bool:
    """Whether it is a part of the counts of a campaign."""
    return bool(item["sk"]["S"].startswith("campaign-count#"))


def is_derived(item: Item) -> bool:
    """Whether it is the name of a campaign or a membership, which follow from campaigns and
    links."""
    return bool(item["sk"]["S"].startswith(("campaign-name#", "campaign-link#")))


class CampaignMerge:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._store = CampaignStore(client, table)
        self._restored: dict[str, Campaign] = {}
        """By id."""
        self.taken = 0
        """Left out: another campaign has the name."""

    @property
    def added(self) -> int:
        return len(self._restored)

    def run(self, items: Iterable[Item]) -> None:
        """Before the links are merged: some join their campaigns again."""
        for campaign in map(from_item, items):
            if self._store.with_ids(campaign.account_id, [campaign.id]):
                continue
            try:
                self._store.add(campaign)
            except NameTaken:
                self.taken += 1
            else:
                self._restored[campaign.id] = campaign

    def put_clicks(self, items: Iterable[Item]) -> None:
        """`items`: the counts of campaigns, of which restored ones get back all but the links."""
        for item in items:
            clicked = {name: value for name, value in item.items() if name not in _OF_LINKS}
            if clicked and item["sk"]["S"].split("#")[1] in self._restored:
                self._client.update_item(
                    TableName=self._table,
                    Key={"pk": item["pk"], "sk": item["sk"]},
                    UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in clicked),
                    ExpressionAttributeNames={f"#{name}": name for name in clicked},
                    ExpressionAttributeValues={f":{name}": clicked[name] for name in clicked},
                )

    def recount(self) -> None:
        """Once the links are merged: some may have named a restored campaign all the time."""
        recount = CampaignRecount(self._client, self._table, LinkStore(self._client, self._table))
        for campaign in self._restored.values():
            recount.correct(campaign)
