"""Finds an account by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.accounts.item import account_key, to_account

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.aws.operations import DynamoDBOperations


class AccountLookup:
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, account_id: str) -> Account | None:
        response = self._client.get_item(
            TableName=self._table, Key=account_key(account_id), ConsistentRead=True
        )
        item = response.get("Item")
        return to_account(item) if item else None
