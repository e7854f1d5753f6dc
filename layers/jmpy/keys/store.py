"""API keys in DynamoDB. Every write has a condition that makes it safe against races, and every
change is written together with its entries in the audit log (`records`): all or nothing. If
DynamoDB rejects an entry, RecordRejected is raised."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from jmpy.accounts.errors import AccountChanged
from jmpy.accounts.item import SUBSCRIPTION, account_key, same_policy, to_account
from jmpy.aws.dynamodb import pages, read, transact_recorded, whole_table
from jmpy.keys.errors import KeyNotFound
from jmpy.keys.item import (
    EXPIRY_DAY,
    from_item,
    primary_key,
    reference_key,
    to_item,
    to_reference_item,
)
from jmpy.keys.lookup import KeyLookup
from jmpy.keys.model import ApiKey, KeyStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from jmpy.accounts.model import Account, Subscription
    from jmpy.aws.operations import DynamoDBOperations
    from jmpy.transaction import TransactionItem

EXPIRY_INDEX = "keys-by-expiry"
"""Global secondary index: partition `expiry_day`; keys only."""


class KeyStore(KeyLookup):
    def __init__(self, client: DynamoDBOperations, table: str) -> None:
        super().__init__(client, table)
        self._client = client

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound, also when the key belongs to another account."""
        response = self._client.get_item(
            TableName=self._table, Key=reference_key(account_id, key_id), ConsistentRead=True
        )
        key = self.find(response["Item"]["digest"]["S"]) if "Item" in response else None
        if key is None:
            raise KeyNotFound(key_id)
        return key

    def find_all(self, account_id: str, key_ids: Iterable[str]) -> list[ApiKey]:
        """Those of the keys that the account has, in no particular order."""
        wanted: list[Any] = [reference_key(account_id, key_id) for key_id in key_ids]
        found = read(self._client, self._table, wanted, ConsistentRead=True)
        keys = [primary_key(reference["digest"]["S"]) for reference in found]
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def of_account(self, account_id: str) -> list[ApiKey]:
        """All keys of the account, in no particular order."""
        keys = list(self._references(account_id))
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def all(self) -> Iterator[ApiKey]:
        """Every key: scans the whole table, for operators' commands."""
        found = whole_table(
            self._client,
            TableName=self._table,
            FilterExpression="sk = :key",
            ExpressionAttributeValues={":key": {"S": "key"}},
            ConsistentRead=True,
        )
        for page in found:
            yield from map(from_item, page)

    def page(
        self, account_id: str, limit: int, skip: int, *, newest_first: bool = True
    ) -> tuple[list[ApiKey], int]:
        """Up to `limit` keys after the first `skip`, by the time of creation, and the account's
        total. Reads the keys of this page, and only the references of those before it."""
        most = skip + limit
        found = self._references(account_id, ScanIndexForward=not newest_first, Limit=most)
        page = list(islice(found, skip, most))
        items = self._items([account_key(account_id), *page])
        account = items.get(account_key(account_id)["pk"]["S"])
        keys = [from_item(items[key["pk"]["S"]]) for key in page]
        return keys, to_account(account).keys_added if account else 0

    def first(
        self, account_id: str, most: int, *, newest_first: bool = True
    ) -> tuple[list[ApiKey], bool]:
        """Up to `most` keys, by the time of creation, and whether these are all of the account's.
        Reads no more of an account that has more."""
        found = self._references(account_id, ScanIndexForward=not newest_first, Limit=most + 1)
        references = list(islice(found, most + 1))
        items = self._items(references[:most])
        keys = [from_item(items[key["pk"]["S"]]) for key in references[:most]]
        return keys, len(references) <= most

    def _items(self, keys: list[Any]) -> dict[str, Any]:
        """By partition key."""
        found = read(self._client, self._table, keys, ConsistentRead=True)
        return {item["pk"]["S"]: item for item in found}

    def _references(self, account_id: str, **options: Any) -> Iterator[Any]:
        """The primary keys of the account's keys, sorted by id."""
        found = pages(
            self._client.query,
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
        return (primary_key(item["digest"]["S"]) for page in found for item in page)

    def ending_on(self, day: str) -> list[ApiKey]:
        """The keys that expire on a UTC day, such as `2026-11-23`; the index may lag by moments."""
        found = pages(
            self._client.query,
            TableName=self._table,
            IndexName=EXPIRY_INDEX,
            KeyConditionExpression="expiry_day = :day",
            ExpressionAttributeValues={":day": {"S": day}},
        )
        keys: list[Any] = [{"pk": item["pk"], "sk": item["sk"]} for page in found for item in page]
        return [from_item(i) for i in read(self._client, self._table, keys, ConsistentRead=True)]

    def add(self, key: ApiKey, account: Account, *records: TransactionItem) -> None:
        """Raises AccountChanged if the account's plan or policy changed, or another key was added,
        after `account` was read."""
        if transact_recorded(self._client, self._added(key, account), records):
            raise AccountChanged(account.id)

    def subscribe(self, key: ApiKey, subscription: Subscription) -> None:
        """Copies a newer subscription into the key, as part of a change of its account; a key whose
        copy is as new is left alone."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=primary_key(key.digest),
                UpdateExpression="SET subscription = :subscription",
                ConditionExpression="subscription.version < :version",
                ExpressionAttributeValues={
                    ":subscription": SUBSCRIPTION.encode(subscription),
                    ":version": {"N": str(subscription.version)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def change(
        self,
        before: ApiKey,
        after: ApiKey,
        fields: Collection[str],
        *records: TransactionItem,
        account: Account | None = None,
    ) -> ApiKey:
        """Stores these fields of `after`; returns the stored key.

        Raises AccountChanged if the key was changed, rotated or revoked after `before` was read:
        the entry must not record a change that did not happen, nor a stale form undo one that did.
        Likewise if the policy changed after `account` was read, where that limits the change.
        """
        also = [] if account is None else [self._same_policy(account)]
        return self._update(before, after, fields, {"version"}, records, *also)

    def revoke(self, key: ApiKey, now: int, *records: TransactionItem) -> ApiKey:
        """Raises AccountChanged if another request revoked it first."""
        revoked = replace(key, status=KeyStatus.REVOKED, revoked_at=now)
        fields = ("status", "revoked_at")
        return self._update(key, revoked, fields, {"status"}, records)

    def replace(
        self,
        old: ApiKey,
        new: ApiKey,
        old_expires_at: int,
        account: Account,
        *records: TransactionItem,
    ) -> None:
        """Adds `new` and ends `old` at `old_expires_at`, both or neither.

        Raises AccountChanged as `add` does, and if `old` was revoked, rotated or changed after it
        was read: a successor must not restore access that was just withdrawn.
        """
        retired = replace(old, expires_at=old_expires_at, replaced_by=new.id)
        fields = ("expires_at", "replaced_by")
        retire = self._written(old, retired, fields, {"version"})
        writes = [{"Update": retire}, *self._added(new, account)]
        if transact_recorded(self._client, writes, records):
            raise AccountChanged(account.id)

    def _added(self, key: ApiKey, account: Account) -> list[dict[str, Any]]:
        """The writes that add a key if the account is unchanged, so that a change of plan reaches
        every key, a change of policy binds every key that is added after it, and keys that are
        added concurrently are counted one after the other."""
        policy, values = same_policy(account)
        unchanged = {
            "TableName": self._table,
            "Key": account_key(account.id),
            "UpdateExpression": "SET keys_added = keys_added + :one, keys_ended = :ended",
            "ConditionExpression": (
                f"subscription.version = :version AND keys_added = :added AND {policy}"
            ),
            "ExpressionAttributeValues": {
                ":version": {"N": str(account.subscription.version)},
                ":added": {"N": str(account.keys_added)},
                ":one": {"N": "1"},
                ":ended": {"N": str(account.keys_ended)},
                **values,
            },
        }
        fresh = {"TableName": self._table, "ConditionExpression": "attribute_not_exists(pk)"}
        return [
            {"Update": unchanged},
            {"Put": {**fresh, "Item": to_item(key)}},
            {"Put": {**fresh, "Item": to_reference_item(key)}},
        ]

    def _same_policy(self, account: Account) -> dict[str, Any]:
        """A write that only has its condition: a ConditionCheck, which costs the same, would need a
        permission of its own."""
        policy, values = same_policy(account)
        update = {
            "TableName": self._table,
            "Key": account_key(account.id),
            "UpdateExpression": "SET keys_added = keys_added",
            "ConditionExpression": policy,
        }
        return {"Update": update | ({"ExpressionAttributeValues": values} if values else {})}

    def _update(
        self,
        before: ApiKey,
        after: ApiKey,
        fields: Collection[str],
        guarded: Collection[str],
        records: Iterable[TransactionItem],
        *also: TransactionItem,
    ) -> ApiKey:
        """Stores the fields, then reads the item: a transaction returns none. Raises AccountChanged
        unless the guarded fields are still those of `before`."""
        update = self._written(before, after, fields, guarded)
        if transact_recorded(self._client, [{"Update": update}, *also], records):
            raise AccountChanged(before.account_id)
        stored = self.find(before.digest)
        assert stored is not None, "nothing deletes keys"
        return stored

    def _written(
        self, before: ApiKey, after: ApiKey, fields: Collection[str], guarded: Collection[str]
    ) -> dict[str, Any]:
        """The update that stores the fields and increments the version."""
        old, new = to_item(before), to_item(after)
        fields = (*fields, EXPIRY_DAY)
        counted = "#version = if_not_exists(#version, :first) + :one"
        sets = ", ".join([counted, *(f"#{name} = :{name}" for name in fields if name in new)])
        removes = ", ".join(f"#{name}" for name in fields if name not in new)
        clauses = (f"SET {sets}", f"REMOVE {removes}" if removes else "")
        conditions = [
            f"#{name} = :was_{name}" if name in old else f"attribute_not_exists(#{name})"
            for name in guarded
        ]
        return {
            "TableName": self._table,
            "Key": primary_key(before.digest),
            "UpdateExpression": " ".join(clauses).strip(),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": {
                f"#{name}": name for name in {"version", *fields, *guarded}
            },
            "ExpressionAttributeValues": {
                ":first": {"N": "1"},
                ":one": {"N": "1"},
                **{f":was_{name}": old[name] for name in guarded if name in old},
                **{f":{name}": new[name] for name in fields if name in new},
            },
        }
