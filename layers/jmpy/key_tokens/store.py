"""Short-lived tokens in DynamoDB: each in one of the slots of its key, so that a condition on one
item limits how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import pages, transact_recorded
from jmpy.key_tokens.errors import SlotTaken
from jmpy.key_tokens.item import SORT_KEY, from_item, slot_key, to_item
from jmpy.key_tokens.lookup import TokenLookup
from jmpy.keys.item import primary_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.key_tokens.model import KeyToken
    from jmpy.transaction import TransactionItem


class KeyTokenStore(TokenLookup):
    def of_key(self, key_digest: str) -> list[KeyToken]:
        """By slot, including expired ones that DynamoDB has not deleted yet."""
        found = pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :token)",
            ExpressionAttributeValues={
                ":pk": primary_key(key_digest)["pk"],
                ":token": {"S": SORT_KEY},
            },
            ConsistentRead=True,
        )
        return [from_item(item) for page in found for item in page]

    def add(self, token: KeyToken, now: int) -> None:
        """Raises SlotTaken if another token that works at `now` is in the slot. Its own may be: the
        client repeats an attempt whose response was lost."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(token),
                ConditionExpression=(
                    "attribute_not_exists(pk) OR expires_ttl <= :now OR token_id = :id"
                ),
                ExpressionAttributeValues={":now": {"N": str(now)}, ":id": {"S": token.id}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise SlotTaken from None

    def remove(self, token: KeyToken, *records: TransactionItem) -> None:
        """Writes the records with it. Raises SlotTaken if a newer token is in the slot."""
        delete = self._delete(token.key_digest, token.slot) | {
            "ConditionExpression": "attribute_not_exists(pk) OR token_id = :id",
            "ExpressionAttributeValues": {":id": {"S": token.id}},
        }
        if transact_recorded(self._client, [{"Delete": delete}], records):
            raise SlotTaken

    def clear(self, key_digest: str, slots: Iterable[int], *records: TransactionItem) -> None:
        """Deletes what is in these slots, all of it, and writes the records."""
        deletes = [{"Delete": self._delete(key_digest, slot)} for slot in slots]
        transact_recorded(self._client, deletes, records)

    def _delete(self, key_digest: str, slot: int) -> TransactionItem:
        return {"TableName": self._table, "Key": slot_key(key_digest, slot)}
