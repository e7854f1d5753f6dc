"""API keys in DynamoDB. Every write carries the condition that makes it safe to race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.keys.errors import KeyNotActive, KeyNotFound
from jmpy.keys.item import from_item, primary_key, to_item
from jmpy.keys.model import ApiKey, KeyStatus, Permission

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACCOUNT_INDEX = "keys-by-account"
"""Global secondary index: partition `account_id`, sort `key_id`; only key items are in it."""


class KeyStore:
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, digest: str) -> ApiKey | None:
        """The key with that digest, read consistently: a revocation that was acknowledged must
        be seen by the next read."""
        answer = self._client.get_item(
            TableName=self._table, Key=primary_key(digest), ConsistentRead=True
        )
        item = answer.get("Item")
        return from_item(item) if item else None

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound, also when the key belongs to another account."""
        found = self._query(
            "account_id = :account AND key_id = :key",
            {":account": {"S": account_id}, ":key": {"S": key_id}},
        )
        if not found:
            raise KeyNotFound(key_id)
        return found[0]

    def of_account(self, account_id: str) -> list[ApiKey]:
        """All keys of the account, in no particular order; the index may lag by moments."""
        return self._query("account_id = :account", {":account": {"S": account_id}})

    def add(self, key: ApiKey) -> None:
        self._client.put_item(
            TableName=self._table,
            Item=to_item(key),
            ConditionExpression="attribute_not_exists(pk)",
        )

    def change(self, key: ApiKey, name: str, permissions: frozenset[Permission]) -> None:
        """Raises KeyNotActive when the key was revoked in the meantime."""
        self._update(
            key,
            "SET #name = :name, #permissions = :permissions",
            {":name": {"S": name}, ":permissions": {"SS": sorted(permissions)}},
            {"#name": "name", "#permissions": "permissions"},
        )

    def revoke(self, key: ApiKey, now: int) -> None:
        """Raises KeyNotActive when somebody else revoked it first."""
        self._update(
            key,
            "SET #status = :revoked, revoked_at = :now",
            {":revoked": {"S": KeyStatus.REVOKED.value}, ":now": {"N": str(now)}},
            {},
        )

    def replace(self, old: ApiKey, new: ApiKey, old_expires_at: int) -> None:
        """Adds `new` and ends `old` at `old_expires_at`, both or neither.

        Raises KeyNotActive when `old` was revoked or rotated in the meantime.
        """
        put = {
            "TableName": self._table,
            "Item": to_item(new),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        retire = {
            "TableName": self._table,
            "Key": primary_key(old.digest),
            "UpdateExpression": "SET expires_at = :ends, replaced_by = :new",
            "ConditionExpression": "#status = :active AND attribute_not_exists(replaced_by)",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {
                ":ends": {"N": str(old_expires_at)},
                ":new": {"S": new.id},
                ":active": {"S": KeyStatus.ACTIVE.value},
            },
        }
        try:
            self._client.transact_write_items(TransactItems=[{"Put": put}, {"Update": retire}])  # type: ignore[typeddict-item]
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            if "ConditionalCheckFailed" in reasons:
                raise KeyNotActive(old.id) from None
            raise

    def _update(
        self, key: ApiKey, expression: str, values: dict[str, Any], names: dict[str, str]
    ) -> None:
        try:
            self._client.update_item(
                TableName=self._table,
                Key=primary_key(key.digest),
                UpdateExpression=expression,
                ConditionExpression="#status = :active",
                ExpressionAttributeNames={"#status": "status", **names},
                ExpressionAttributeValues={
                    ":active": {"S": KeyStatus.ACTIVE.value},
                    **values,
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise KeyNotActive(key.id) from None

    def _query(self, condition: str, values: dict[str, Any]) -> list[ApiKey]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=ACCOUNT_INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
        )
        return [from_item(item) for page in pages for item in page["Items"]]
