"""Reads which links a group has, and how many (`membership`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.links import account_items, membership

if TYPE_CHECKING:
    from jmpy.aws.codec import Item
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.links.membership import Membership
    from jmpy.transaction import TransactionItem


class Members:
    def __init__(self, client: DynamoDBOperations, table: str, groups: Membership) -> None:
        self._client = client
        self._table = table
        self._groups = groups

    def count(self, account_id: str, group_id: str) -> int:
        """One query of at most `membership.SHARDS` small items."""
        prefix = self._groups.count_prefix(group_id)
        return membership.total(self._query(account_id, prefix)["Items"])

    def ids(
        self,
        account_id: str,
        group_id: str,
        limit: int,
        after: str | None = None,
        *,
        newest_first: bool = True,
    ) -> tuple[list[str], str | None]:
        """Up to `limit` ids of the group's links in order of creation, from behind the link id
        `after`, and the id to go on from. Reads the page, never the account."""
        key, prefix = self._groups.key, self._groups.link_prefix(group_id)
        start = {"ExclusiveStartKey": key(account_id, group_id, after)} if after else {}
        response = self._query(
            account_id, prefix, ScanIndexForward=not newest_first, Limit=limit, **start
        )
        found = [item["sk"]["S"].removeprefix(prefix) for item in response["Items"]]
        return found, found[-1] if found and "LastEvaluatedKey" in response else None

    def deletion(self, account_id: str, group_id: str) -> tuple[int, list[TransactionItem]]:
        """What is in the group, and the writes that delete its counts, if they are as they were
        read: what joins and leaves adds to different ones, so that one alone says nothing."""
        found = self._query(account_id, self._groups.count_prefix(group_id))["Items"]
        left = sum(membership.total(found, name) for name in self._groups.numbers)
        return left, [self._deleted(item) for item in found]

    def _deleted(self, item: Item) -> TransactionItem:
        read = {name: item[name] for name in self._groups.numbers if name in item}
        conditions = [f"{name} = :{name}" for name in read] + [
            f"attribute_not_exists({name})" for name in self._groups.numbers if name not in item
        ]
        delete = {
            "TableName": self._table,
            "Key": {"pk": item["pk"], "sk": item["sk"]},
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": {f":{name}": value for name, value in read.items()},
        }
        return {"Delete": delete}

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)
