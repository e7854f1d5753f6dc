"""Finds a token and its key: the one read before a request with a token."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from jmpy.aws.dynamodb import read
from jmpy.key_tokens.item import from_item, is_token, slot_key
from jmpy.key_tokens.model import TokenKey, derived
from jmpy.keys import item as key_item

if TYPE_CHECKING:
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.key_tokens.text import PresentedToken


class TokenLookup:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, presented: PresentedToken) -> TokenKey | None:
        """The key as the token may use it; None if the slot holds no such token.

        Both are read in one request, consistently, so it sees every acknowledged change of the key
        and the deletion of the token. Raises BatchLeft if DynamoDB does not process both.
        """
        keys = [
            key_item.primary_key(presented.key_digest),
            slot_key(presented.key_digest, presented.slot),
        ]
        found = {
            is_token(item): item
            for item in read(self._client, self._table, keys, ConsistentRead=True)
        }
        if len(found) != len(keys):
            return None
        token = from_item(found[True])
        if not secrets.compare_digest(token.digest, presented.digest):
            return None
        return TokenKey(derived(key_item.from_item(found[False]), token), token.id)
