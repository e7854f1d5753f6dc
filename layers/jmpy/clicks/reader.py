"""Reads counters and stored clicks. Every figure comes from counters, except which
clicks there were."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from jmpy.aws.dynamodb import pages, read
from jmpy.clicks.counts import Counts
from jmpy.clicks.item import day_name, day_of, hour_name, hour_of, to_clicks, to_counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.clicks.item import Item
    from jmpy.clicks.model import StoredClick

ACCOUNT_INDEX = "clicks-by-account"
"""Global secondary index over the pages of clicks: partition `account_id`, sort `sk`; keys only."""

_PAGES = 20
"""Pages of clicks that are read at a time."""


class ClickReader:
    """`subject` is that of `item.link_subject` or `item.account_subject`."""

    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def days(self, subject: str, first: date, last: date) -> dict[date, Counts]:
        """The UTC days from `first` to `last` on which something was counted."""
        return self._counts(subject, day_name(first), day_name(last), day_of)

    def hours(self, subject: str, first: datetime, last: datetime) -> dict[datetime, Counts]:
        """The hours from that of `first` to that of `last` in which something was counted, by
        their starts in UTC. Hours are retained for `KEPT_HOURS` days."""
        start, end = hour_name(first.astimezone(UTC)), hour_name(last.astimezone(UTC))
        return self._counts(subject, start, end, hour_of)

    def clicks_of_link(self, link_id: str) -> Iterator[StoredClick]:
        """The stored clicks of a link, the latest minute first."""
        for found in self._batches_of(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"clicks#{link_id}"}},
        ):
            for item in found:
                yield from reversed(to_clicks(item))

    def clicks_of_account(self, account_id: str) -> Iterator[StoredClick]:
        """The stored clicks of an account's links, the latest minute first. The index may
        lag by moments behind."""
        for found in self._batches_of(
            IndexName=ACCOUNT_INDEX,
            KeyConditionExpression="account_id = :account",
            ExpressionAttributeValues={":account": {"S": account_id}},
        ):
            keys = [{name: item[name] for name in ("pk", "sk")} for item in found]
            items = {_key(item): item for item in read(self._client, self._table, keys)}
            for key in map(_key, found):
                if key in items:
                    yield from reversed(to_clicks(items[key]))

    def _counts(
        self, subject: str, first: str, last: str, name: Callable[[Item], Any]
    ) -> dict[Any, Counts]:
        found: dict[Any, Counts] = {}
        for page in pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": subject},
                ":first": {"S": f"{first}#"},
                ":last": {"S": f"{last}#~"},
            },
        ):
            for item in page:
                found.setdefault(name(item), Counts()).merge(to_counts(item))
        return found

    def _batches_of(self, **query: Any) -> Iterator[list[Item]]:
        return pages(
            self._client.query,
            TableName=self._table,
            ScanIndexForward=False,
            Limit=_PAGES,
            **query,
        )


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
