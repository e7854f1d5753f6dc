"""Deletes the memberships of links in deleted campaigns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import delete, pages
from jmpy.links import account_items
from jmpy.links.membership import CAMPAIGN

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations


class MembershipRemoval:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def remove(self, account_id: str, campaign_id: str) -> int:
        """Of a campaign that is gone: none can be added meanwhile, since a link joins on condition
        that the campaign exists. After a fault the rest is deleted when it is called again. Returns
        the number of items."""
        removed = 0
        query = partial(account_items.query, self._client, self._table, account_id)
        prefix = CAMPAIGN.link_prefix(campaign_id)
        for page in pages(partial(query, prefix, ProjectionExpression="pk, sk")):
            delete(self._client, self._table, page)
            removed += len(page)
        return removed
