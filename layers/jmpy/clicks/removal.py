"""Deletes the clicks and counters of a deleted link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import delete, pages
from jmpy.clicks.item import link_subject

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations


class ClickRemoval:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def remove(self, link_id: str) -> int:
        """Counters, clicks and hashes of visitors; the account's counters keep the sum. Nothing
        can be added meanwhile: clicks are written on condition that the link exists. Returns the
        number of items."""
        removed = 0
        for pk in (f"visitors#{link_id}", f"clicks#{link_id}", link_subject(link_id)):
            for page in pages(
                self._client.query,
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": pk}},
                ProjectionExpression="pk, sk",
                ConsistentRead=True,
            ):
                delete(self._client, self._table, page)
                removed += len(page)
        return removed
