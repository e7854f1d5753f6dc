"""Reads which links a group has, and how many (`membership`)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.aws import dynamodb
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
        """As `counts`."""
        return membership.total(self.counts(account_id, group_id))

    def counts(self, account_id: str, group_id: str) -> list[Item]:
        """The group's numbers in parts; none of one that does not exist. One query of at most
        `membership.SHARDS` small items."""
        items: list[Item] = self._query(account_id, self._groups.count_prefix(group_id))["Items"]
        return items

    def counts_of_all(self, account_id: str, oldest: str, newest: str) -> dict[str, list[Item]]:
        """Of the groups from the id `oldest` to `newest`, by id. One query for those of a page in
        order of creation; page after page of up to one megabyte."""
        prefix = self._groups.count_prefix
        send = partial(self._query, account_id, prefix(oldest), until=prefix(newest))
        found: dict[str, list[Item]] = {}
        for items in dynamodb.pages(send):
            for item in items:
                found.setdefault(item["sk"]["S"].split("#")[1], []).append(item)
        return found

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
        found = self.counts(account_id, group_id)
        left = sum(membership.total(found, name) for name in self._groups.numbers)
        return left, [self._groups.deleted(self._table, item) for item in found]

    def _query(self, account_id: str, prefix: str, **options: Any) -> Any:
        return account_items.query(self._client, self._table, account_id, prefix, **options)
