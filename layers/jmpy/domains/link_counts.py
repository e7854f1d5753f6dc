"""How many links are on domains, in the table of the links."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from jmpy.aws import dynamodb
from jmpy.links import account_items, membership

if TYPE_CHECKING:
    from collections.abc import Collection

    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations


class LinkCounts:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def count(self, account_id: str, domain_ids: Collection[str]) -> dict[str, int]:
        """By domain id. One query of at most `membership.SHARDS` small items for each domain that
        was created between the oldest and the newest of them; no call without a domain."""
        if not domain_ids:
            return {}
        prefix = membership.DOMAIN.count_prefix
        send = partial(
            account_items.query,
            self._client,
            self._table,
            account_id,
            prefix(min(domain_ids)),
            until=prefix(max(domain_ids)),
        )
        found: defaultdict[str, list[Item]] = defaultdict(list)
        for items in dynamodb.pages(send):
            for item in items:
                found[item["sk"]["S"].split("#")[1]].append(item)
        return {domain_id: membership.total(found[domain_id]) for domain_id in domain_ids}
