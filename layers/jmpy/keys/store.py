"""API keys in DynamoDB. Every write carries the condition that makes it safe to race."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.accounts.errors import SubscriptionChanged
from jmpy.accounts.item import account_key, to_map
from jmpy.dynamodb import read, transact
from jmpy.keys.errors import KeyNotActive, KeyNotFound
from jmpy.keys.item import from_item, primary_key, reference_key, to_item, to_reference_item
from jmpy.keys.model import ApiKey, KeyStatus, Permission

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Subscription


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
        answer = self._client.get_item(
            TableName=self._table, Key=reference_key(account_id, key_id), ConsistentRead=True
        )
        key = self.find(answer["Item"]["digest"]["S"]) if "Item" in answer else None
        if key is None:
            raise KeyNotFound(key_id)
        return key

    def of_account(self, account_id: str) -> list[ApiKey]:
        """All keys of the account, in no particular order."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": account_key(account_id)["pk"],
                ":first": {"S": "key#"},
                ":last": {"S": "key#~"},
            },
            ConsistentRead=True,
        )
        digests = [item["digest"]["S"] for page in pages for item in page["Items"]]
        keys: list[Any] = [primary_key(digest) for digest in digests]
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def add(self, key: ApiKey) -> None:
        """Raises SubscriptionChanged when the account has another subscription than the key."""
        if transact(self._client, self._added(key)):
            raise SubscriptionChanged(key.account_id)

    def subscribe(self, key: ApiKey, subscription: Subscription) -> None:
        """Gives the key a newer subscription; a key that has one as new keeps it."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=primary_key(key.digest),
                UpdateExpression="SET subscription = :subscription",
                ConditionExpression="subscription.version < :version",
                ExpressionAttributeValues={
                    ":subscription": to_map(subscription),
                    ":version": {"N": str(subscription.version)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

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

        Raises KeyNotActive when `old` was revoked or rotated in the meantime,
        SubscriptionChanged when the account has another subscription than `new`.
        """
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
        failed = transact(self._client, [{"Update": retire}, *self._added(new)])
        if 0 in failed:
            raise KeyNotActive(old.id)
        if failed:
            raise SubscriptionChanged(new.account_id)

    def _added(self, key: ApiKey) -> list[dict[str, Any]]:
        """The writes that add a key, if its subscription is the account's: so that no change of
        plan can miss a key that is being made."""
        unchanged = {
            "TableName": self._table,
            "Key": account_key(key.account_id),
            "ConditionExpression": "subscription.version = :version",
            "ExpressionAttributeValues": {":version": {"N": str(key.subscription.version)}},
        }
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        return [
            {"ConditionCheck": unchanged},
            {"Put": {**fresh, "Item": to_item(key)}},
            {"Put": {**fresh, "Item": to_reference_item(key)}},
        ]

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
