"""API keys in DynamoDB. Every write carries the condition that makes it safe to race."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.accounts.errors import AccountChanged
from jmpy.accounts.item import account_key, to_account, to_map
from jmpy.dynamodb import read, transact
from jmpy.keys.errors import KeyNotActive, KeyNotFound
from jmpy.keys.item import (
    expiry_day,
    from_item,
    primary_key,
    reference_key,
    to_item,
    to_reference_item,
)
from jmpy.keys.model import ApiKey, KeyStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_dynamodb import DynamoDBClient

    from jmpy.accounts.model import Account, Subscription


EXPIRY_INDEX = "keys-by-expiry"
"""Global secondary index: partition `expiry_day`; keys only."""


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
        keys = self._references(account_id)
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def page(self, account_id: str, limit: int, skip: int) -> tuple[list[ApiKey], int]:
        """Up to `limit` keys behind the newest `skip`, newest first, and how many the account
        has. Reads this page, and of the keys before it only the references."""
        most = skip + limit
        newest = self._references(
            account_id,
            ScanIndexForward=False,
            PaginationConfig={"MaxItems": most, "PageSize": most},
        )
        page = newest[skip:]
        found = {
            item["pk"]["S"]: item
            for item in read(
                self._client, self._table, [account_key(account_id), *page], ConsistentRead=True
            )
        }
        account = found.get(account_key(account_id)["pk"]["S"])
        keys = [from_item(found[key["pk"]["S"]]) for key in page]
        return keys, to_account(account).keys_added if account else 0

    def _references(self, account_id: str, **options: Any) -> list[Any]:
        """The primary keys of the account's keys, in the order of their ids."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": account_key(account_id)["pk"],
                ":first": {"S": "key#"},
                ":last": {"S": "key#~"},
            },
            ConsistentRead=True,
            **options,
        )
        return [primary_key(item["digest"]["S"]) for page in pages for item in page["Items"]]

    def ending_on(self, day: str) -> list[ApiKey]:
        """The keys that end on a UTC day, such as `2026-11-23`; the index may lag by moments."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=EXPIRY_INDEX,
            KeyConditionExpression="expiry_day = :day",
            ExpressionAttributeValues={":day": {"S": day}},
        )
        keys: list[Any] = [
            {"pk": item["pk"], "sk": item["sk"]} for page in pages for item in page["Items"]
        ]
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def add(self, key: ApiKey, account: Account) -> None:
        """Raises AccountChanged when `account` was read before its plan changed or before
        another key was added."""
        if transact(self._client, self._added(key, account)):
            raise AccountChanged(account.id)

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

    def change(self, key: ApiKey, fields: Iterable[str]) -> ApiKey:
        """Stores these fields of `key` and leaves the others as they are, so that a change of
        another field at the same time is not undone; answers with the key as it is stored.

        Raises KeyNotActive when the key was revoked in the meantime.
        """
        return self._update(key, fields)

    def revoke(self, key: ApiKey, now: int) -> ApiKey:
        """Raises KeyNotActive when somebody else revoked it first."""
        revoked = replace(key, status=KeyStatus.REVOKED, revoked_at=now)
        return self._update(revoked, ("status", "revoked_at", "expiry_day"))

    def replace(self, old: ApiKey, new: ApiKey, old_expires_at: int, account: Account) -> None:
        """Adds `new` and ends `old` at `old_expires_at`, both or neither.

        Raises AccountChanged as `add` does, and when `old` was revoked, rotated or given other
        rights since it was read: a successor must not bring back what was just taken away.
        """
        header_only = "attribute_exists" if old.header_only else "attribute_not_exists"
        retire = {
            "TableName": self._table,
            "Key": primary_key(old.digest),
            "UpdateExpression": "SET expires_at = :ends, expiry_day = :day, replaced_by = :new",
            "ConditionExpression": "#status = :active AND attribute_not_exists(replaced_by) "
            f"AND #permissions = :permissions AND {header_only}(header_only)",
            "ExpressionAttributeNames": {"#status": "status", "#permissions": "permissions"},
            "ExpressionAttributeValues": {
                ":ends": {"N": str(old_expires_at)},
                ":day": {"S": expiry_day(old_expires_at)},
                ":new": {"S": new.id},
                ":active": {"S": KeyStatus.ACTIVE.value},
                ":permissions": {"SS": sorted(old.permissions)},
            },
        }
        if transact(self._client, [{"Update": retire}, *self._added(new, account)]):
            raise AccountChanged(account.id)

    def _added(self, key: ApiKey, account: Account) -> list[dict[str, Any]]:
        """The writes that add a key, if the account is as it was read: so that no change of plan
        can miss a key that is being made, and keys made at once are counted one after another."""
        unchanged = {
            "TableName": self._table,
            "Key": account_key(account.id),
            "UpdateExpression": "SET keys_added = keys_added + :one, keys_ended = :ended",
            "ConditionExpression": "subscription.version = :version AND keys_added = :added",
            "ExpressionAttributeValues": {
                ":version": {"N": str(account.subscription.version)},
                ":added": {"N": str(account.keys_added)},
                ":one": {"N": "1"},
                ":ended": {"N": str(account.keys_ended)},
            },
        }
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        return [
            {"Update": unchanged},
            {"Put": {**fresh, "Item": to_item(key)}},
            {"Put": {**fresh, "Item": to_reference_item(key)}},
        ]

    def _update(self, key: ApiKey, fields: Iterable[str]) -> ApiKey:
        item, names = to_item(key), sorted(fields)
        stored = [name for name in names if name in item]
        sets = ", ".join(f"#{name} = :{name}" for name in stored)
        removes = ", ".join(f"#{name}" for name in names if name not in item)
        clauses = (f"SET {sets}" if sets else "", f"REMOVE {removes}" if removes else "")
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=primary_key(key.digest),
                UpdateExpression=" ".join(clauses).strip(),
                ConditionExpression="#status = :active",
                ExpressionAttributeNames={f"#{name}": name for name in ("status", *names)},
                ExpressionAttributeValues={
                    ":active": {"S": KeyStatus.ACTIVE.value},
                    **{f":{name}": item[name] for name in stored},
                },
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise KeyNotActive(key.id) from None
        return from_item(answer["Attributes"])
