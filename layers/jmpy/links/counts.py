"""How many links, QR codes and campaigns an account has: items that the transactions which add and
delete them add to, several for each account, so that creates at once seldom meet."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from jmpy.aws.codec import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.codec import Item
    from jmpy.transaction import TransactionItem

SHARDS = 16

LINKS = "links"
QR_CODES = "qr_codes"
CAMPAIGNS = "campaigns"


def counter_key(account_id: str, shard: int) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": f"count#{shard}"}}


def counted(table: str, account_id: str, **numbers: int) -> TransactionItem:
    """The write that adds to the counts, which may be negative numbers: `links`, `qr_codes`,
    `campaigns`. A transaction takes one such write, since two may be of one item."""
    added = {name: number for name, number in numbers.items() if number}
    update = {
        "TableName": table,
        "Key": counter_key(account_id, random.randrange(SHARDS)),  # noqa: S311 - spreads load
        "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in added),
        "ExpressionAttributeValues": {
            f":{name}": NUMBER.encode(number) for name, number in added.items()
        },
    }
    return {"Update": update}


def total(items: Iterable[dict[str, Any]], name: str) -> int:
    return sum(int(item[name]["N"]) for item in items if name in item)
