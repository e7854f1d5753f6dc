"""QR codes in DynamoDB, in the table of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.links.item import qr_key
from jmpy.qr.item import from_item, to_item

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.qr.model import QrCode
    from jmpy.transaction import TransactionItem


class QrCodeStore:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, account_id: str, qr_id: str) -> QrCode | None:
        response = self._client.get_item(
            TableName=self._table, Key=qr_key(account_id, qr_id), ConsistentRead=True
        )
        return from_item(response["Item"]) if "Item" in response else None

    def added(self, qr_code: QrCode) -> TransactionItem:
        """The write that adds it, for a transaction."""
        put = {
            "TableName": self._table,
            "Item": to_item(qr_code),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        return {"Put": put}
