"""Pending notices to owners about links that were taken down.

A notice is written together with its takedown and waits for the next run, which puts all of an
account's into one email. A link that is restored before that is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import delete, pages
from jmpy.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.links.model import Link
    from jmpy.links.safety import Takedown
    from jmpy.transaction import TransactionItem

RETENTION = 7 * DAY
"""Seconds. Without a sender, notices expire; the dashboard shows the takedowns."""

CLAIMED = 15 * 60
"""Seconds: longer than a run may take, shorter than the hour between two runs."""

_PARTITION = {"S": "takedowns"}


@dataclass(frozen=True, slots=True)
class TakedownNotice:
    account_id: str
    link_id: str
    short_code: str
    host: str
    """Empty: of the default domain."""
    destination: str
    reason: str
    since: int
    """Seconds since the Unix epoch, UTC."""


class TakedownNotices:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def taken_down(self, link: Link, takedown: Takedown) -> TransactionItem:
        """A write for the transaction that takes the link down."""
        texts = {
            "short_code": link.short_code,
            "host": link.host,
            "destination": link.url,
            "reason": takedown.text,
        }
        item = {
            **_key(link.account_id, link.id),
            **{name: {"S": text} for name, text in texts.items()},
            "since": {"N": str(takedown.since)},
            "expires_ttl": {"N": str(takedown.since + RETENTION)},
        }
        return {"Put": {"TableName": self._table, "Item": item}}

    def restored(self, link: Link) -> TransactionItem:
        """A write for the transaction that restores it."""
        return {"Delete": {"TableName": self._table, "Key": _key(link.account_id, link.id)}}

    def waiting(self, now: float) -> Iterator[list[TakedownNotice]]:
        """Pending notices by account."""
        found = pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :notice)",
            # DynamoDB deletes expired items some time later.
            FilterExpression="expires_ttl > :now",
            ExpressionAttributeValues={
                ":pk": _PARTITION,
                ":notice": {"S": "notice#"},
                ":now": {"N": str(int(now))},
            },
            ConsistentRead=True,
        )
        notices = (_to_notice(item) for page in found for item in page)
        for _, group in groupby(notices, lambda notice: notice.account_id):
            yield list(group)

    def claim(self, account_id: str, run: str, now: float) -> bool:
        """Claims the account's notices; True for one of several concurrent runs. If the response to
        a claim was lost, the same run can repeat it."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_claim_key(account_id),
                    "claimed_until": {"N": str(int(now) + CLAIMED)},
                    "claimed_by": {"S": run},
                    "expires_ttl": {"N": str(int(now) + RETENTION)},
                },
                ConditionExpression=(
                    "attribute_not_exists(pk) OR claimed_until <= :now OR claimed_by = :run"
                ),
                ExpressionAttributeValues={":now": {"N": str(int(now))}, ":run": {"S": run}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def settle(self, account_id: str, notices: Sequence[TakedownNotice]) -> None:
        """Deletes notices that were sent, or that nobody can receive."""
        keys = [_key(account_id, notice.link_id) for notice in notices]
        delete(self._client, self._table, [*keys, _claim_key(account_id)])

    def release(self, account_id: str) -> None:
        """Gives up the claim, for the next run to try again."""
        self._client.delete_item(TableName=self._table, Key=_claim_key(account_id))


def _key(account_id: str, link_id: str) -> dict[str, Any]:
    return {"pk": _PARTITION, "sk": {"S": f"notice#{account_id}#{link_id}"}}


def _claim_key(account_id: str) -> dict[str, Any]:
    return {"pk": _PARTITION, "sk": {"S": f"claim#{account_id}"}}


def _to_notice(item: dict[str, Any]) -> TakedownNotice:
    _, account_id, link_id = item["sk"]["S"].split("#")
    return TakedownNotice(
        account_id=account_id,
        link_id=link_id,
        short_code=item["short_code"]["S"],
        host=item["host"]["S"],
        destination=item["destination"]["S"],
        reason=item["reason"]["S"],
        since=int(item["since"]["N"]),
    )
