"""Which links a campaign has, and how many: items beside the links in their table, written in the
transactions of the links (decision 0058).

- `account#<account>` / `campaign-link#<campaign>#<link>`: a membership. Its sort key ends in the
  link's id, which sorts by time, so a page of a campaign's links, newest first, is one query.
- `account#<account>` / `campaign-count#<campaign>#<0 to 3>`: a part of the number of the campaign's
  links, and of the clicks on links that were in it. Created and deleted with the campaign, so that
  no link joins one that is gone, and several, so that links which join at once seldom meet.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from jmpy.aws.codec import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.aws.codec import Item
    from jmpy.transaction import TransactionItem

SHARDS = 4


def link_prefix(campaign_id: str) -> str:
    """With which the sort keys of a campaign's memberships begin."""
    return f"campaign-link#{campaign_id}#"


def membership_key(account_id: str, campaign_id: str, link_id: str) -> Item:
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": link_prefix(campaign_id) + link_id}}


def count_prefix(campaign_id: str) -> str:
    """With which the sort keys of a campaign's counts begin."""
    return f"campaign-count#{campaign_id}#"


def count_key(account_id: str, campaign_id: str, shard: int) -> Item:
    sort_key = f"{count_prefix(campaign_id)}{shard}"
    return {"pk": {"S": f"account#{account_id}"}, "sk": {"S": sort_key}}


def empty_counts(account_id: str, campaign_id: str) -> list[Item]:
    """The items of a campaign without links, to be created with it."""
    return [
        count_key(account_id, campaign_id, shard) | {"links": NUMBER.encode(0)}
        for shard in range(SHARDS)
    ]


def total(items: Iterable[Item], name: str = "links") -> int:
    """What the counts of one campaign add up to: `links`, or `clicks` and the `bots` among them,
    all that were ever counted for the campaign."""
    return sum(NUMBER.decode(item[name]) for item in items if name in item)


def counted(table: str, account_id: str, campaign_id: str, links: int) -> TransactionItem:
    """The write that adds to the number of the campaign's links; may be negative. Its condition
    fails when the campaign does not exist. A transaction takes one such write for each campaign,
    since two may be of one item."""
    shard = random.randrange(SHARDS)  # noqa: S311 - spreads load
    update = {
        "TableName": table,
        "Key": count_key(account_id, campaign_id, shard),
        "ConditionExpression": "attribute_exists(pk)",
        "UpdateExpression": "ADD links :links",
        "ExpressionAttributeValues": {":links": NUMBER.encode(links)},
    }
    return {"Update": update}
