"""Deletes the clicks and counters of deleted links, QR codes and campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import delete, pages
from jmpy.clicks.item import campaign_subject, link_subject, qr_subject

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
        return self._remove(f"visitors#{link_id}", f"clicks#{link_id}", link_subject(link_id))

    def remove_scans(self, qr_id: str) -> int:
        """The counters of a QR code; those of its link and account keep the sum, and what is stored
        of the clicks remains the link's. Returns the number of items."""
        return self._remove(qr_subject(qr_id))

    def remove_campaign(self, campaign_id: str) -> int:
        """Its counters; what is stored of the clicks remains the links'. Returns the number of
        items."""
        return self._remove(campaign_subject(campaign_id))

    def _remove(self, *partitions: str) -> int:
        removed = 0
        for pk in partitions:
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
