"""Finds a key's record by the digest of the key: the one read before every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.keys.item import from_item, primary_key

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.keys.model import ApiKey


class KeyLookup:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, digest: str) -> ApiKey | None:
        """The key with that digest. The read is consistent, so it sees every acknowledged
        revocation."""
        response = self._client.get_item(
            TableName=self._table, Key=primary_key(digest), ConsistentRead=True
        )
        item = response.get("Item")
        return from_item(item) if item else None
