"""Which links a group has, and how many. Groups are campaigns (decision 0058) and domains (0062);
the items are beside the links in their table, and written in the transactions of the links.

- `account#<account>` / `<noun>-link#<group>#<link>`: a membership. Its sort key ends in the link's
  id, which sorts by time, so a page of a group's links, newest first, is one query.
- `account#<account>` / `<noun>-count#<group>#<0 to 3>`: a part of the group's numbers: its `links`,
  the clicks on links that were in a campaign, and the `qr_codes` that contain an address on a
  domain. Created and deleted with the group, so that no link joins one that is gone; with `closed`
  while none may join; and several, so that links which join at once seldom meet.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.aws.codec import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.codec import Item
    from jmpy.transaction import TransactionItem

SHARDS = 4


@dataclass(frozen=True, slots=True)
class Membership:
    noun: str
    """Of the groups: with which the sort keys of their items begin."""
    numbers: tuple[str, ...] = ("links",)
    """Attributes of a group's counts that are all zero when nothing is in it."""

    def link_prefix(self, group_id: str) -> str:
        """With which the sort keys of a group's memberships begin."""
        return f"{self.noun}-link#{group_id}#"

    def key(self, account_id: str, group_id: str, link_id: str) -> Item:
        return _key(account_id, self.link_prefix(group_id) + link_id)

    def count_prefix(self, group_id: str) -> str:
        """With which the sort keys of a group's counts begin."""
        return f"{self.noun}-count#{group_id}#"

    def count_key(self, account_id: str, group_id: str, shard: int) -> Item:
        return _key(account_id, f"{self.count_prefix(group_id)}{shard}")

    def empty_counts(self, account_id: str, group_id: str) -> list[Item]:
        """The items of a group without links, to be created with it."""
        return [
            self.count_key(account_id, group_id, shard)
            | {name: NUMBER.encode(0) for name in self.numbers}
            for shard in range(SHARDS)
        ]

    def counted(
        self,
        table: str,
        account_id: str,
        group_id: str,
        links: int,
        *,
        qr_codes: int = 0,
        joins: bool = False,
    ) -> TransactionItem:
        """The write that adds to the group's numbers, which may be negative ones. Its condition
        fails when the group does not exist, and with `joins` also when it is closed. A transaction
        takes one such write for each group, since two may be of one item."""
        shard = random.randrange(SHARDS)  # noqa: S311 - spreads load
        numbers = {"links": links} | ({"qr_codes": qr_codes} if qr_codes else {})
        update = {
            "TableName": table,
            "Key": self.count_key(account_id, group_id, shard),
            "ConditionExpression": "attribute_exists(pk)"
            + (" AND attribute_not_exists(closed)" if joins else ""),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in numbers),
            "ExpressionAttributeValues": {
                f":{name}": NUMBER.encode(number) for name, number in numbers.items()
            },
        }
        return {"Update": update}

    def closed(self, table: str, account_id: str, group_id: str) -> list[TransactionItem]:
        """The writes that let no link join from now on. Those that are in it can still leave."""
        return self._all(
            table, account_id, group_id, "SET closed = :true", {":true": {"BOOL": True}}
        )

    def opened(self, table: str, account_id: str, group_id: str) -> list[TransactionItem]:
        """The writes that take back what `closed` did."""
        return self._all(table, account_id, group_id, "REMOVE closed", {})

    def deleted(self, table: str, item: Item) -> TransactionItem:
        """The write that deletes one of the group's counts, if its numbers are as they were
        read."""
        read = {name: item[name] for name in self.numbers if name in item}
        conditions = [f"{name} = :{name}" for name in read] + [
            f"attribute_not_exists({name})" for name in self.numbers if name not in item
        ]
        delete = {
            "TableName": table,
            "Key": {"pk": item["pk"], "sk": item["sk"]},
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeValues": {f":{name}": value for name, value in read.items()},
        }
        return {"Delete": delete}

    def _all(
        self, table: str, account_id: str, group_id: str, update: str, values: Item
    ) -> list[TransactionItem]:
        write: TransactionItem = {
            "TableName": table,
            "ConditionExpression": "attribute_exists(pk)",
            "UpdateExpression": update,
        }
        if values:
            write["ExpressionAttributeValues"] = values
        keys = (self.count_key(account_id, group_id, shard) for shard in range(SHARDS))
        return [{"Update": {**write, "Key": key}} for key in keys]


CAMPAIGN = Membership("campaign")
DOMAIN = Membership("domain", ("links", "qr_codes"))


def total(items: Iterable[Item], name: str = "links") -> int:
    """What the counts of one group add up to: `links`; of a campaign `clicks` and the `bots` among
    them, all that were ever counted for it; of a domain `qr_codes`."""
    return sum(NUMBER.decode(item[name]) for item in items if name in item)


def _key(account_id: str, sort_key: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": sort_key}}
