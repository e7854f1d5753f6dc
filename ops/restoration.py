"""Restores accounts and keys: which of them work again, and in which state.

Accounts and keys that the stack has stay as they are there, as that is newer than any backup.
Missing ones come back as the backup has them, with all later changes that the audit log records,
the stack's and the backup's own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jmpy.accounts.item import SUBSCRIPTION, account_key, to_account
from jmpy.accounts.usage_plan_imports import Holder
from jmpy.audit.model import Action, Entry, differences, entry_at
from jmpy.aws.dynamodb import read
from jmpy.key_tokens.item import is_token
from jmpy.keys.item import from_item, primary_key, to_item
from ops import backup_file
from ops.backup_tables import scanned
from ops.history import History

if TYPE_CHECKING:
    from pathlib import Path

    from jmpy.accounts.model import Account, Subscription
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.keys.model import ApiKey
    from ops.backup_file import Backup, Item
    from ops.backup_tables import Pair
    from ops.deployment import Deployment

_WEBHOOK = "webhook"
"""Sort keys of items that are not restored if the account changed them since: a removed receiver
would get alerts again, or a replaced secret would be used again."""


@dataclass
class Contents:
    """The accounts and keys of a backup."""

    history: History
    accounts: dict[str, Account] = field(default_factory=dict)
    keys: list[ApiKey] = field(default_factory=list)


def contents(path: Path, backup: Backup) -> Contents:
    found = Contents(History(backup.since))
    for table, item in backup_file.read(path):
        if table == "AuditTable":
            found.history.add([item])
        elif table == "AccountsTable" and item["sk"]["S"] == "account":
            account = to_account(item)
            found.accounts[account.id] = account
        elif table == "AccountsTable" and item["sk"]["S"] == "key":
            found.keys.append(from_item(item))
    return found


class Restoration:
    def __init__(self, target: Deployment, found: Contents, *, over: bool) -> None:
        """`over` whether the stack may have items."""
        self._edge: UsagePlanKeys = target.usage_plan_keys
        self._history = found.history
        self._known: dict[str, Account] = {}
        """Accounts that the stack has."""
        self._digests: set[str] = set()
        """Of keys that it has."""
        if over:
            self._look(target, found)
        self._subscriptions = {
            account.id: self._subscription(account) for account in found.accounts.values()
        }
        keys = [key for key in found.keys if key.digest not in self._digests]
        self._keys = {key.digest: self._restored(key) for key in keys}
        self._before = {key.digest: key for key in keys}

    def _look(self, target: Deployment, found: Contents) -> None:
        client, table = target.dynamodb, target.tables["AccountsTable"]
        keys: list[Any] = [account_key(account_id) for account_id in found.accounts]
        keys += [primary_key(key.digest) for key in found.keys]
        for item in read(client, table, keys, ConsistentRead=True):
            if item["sk"]["S"] == "account":
                account = to_account(item)
                self._known[account.id] = account
            else:
                self._digests.add(from_item(item).digest)
        audit = {"AuditTable": target.tables["AuditTable"]}
        self._history.add(item for _, item in scanned(client, audit))

    @property
    def taken_down(self) -> dict[str, tuple[int, str]]:
        """As `History` has it."""
        return self._history.taken_down

    @property
    def holders(self) -> list[Holder]:
        """The accounts that need a usage plan key."""
        return [
            Holder(subscription.plan, account_id)
            for account_id, subscription in self._subscriptions.items()
        ]

    @property
    def has_new_accounts(self) -> bool:
        return self._subscriptions.keys() > self._known.keys()

    @cached_property
    def working(self) -> list[ApiKey]:
        """The keys that did not work before, and do afterwards."""
        now = time.time()
        found = [key for key in self._keys.values() if key.inactive_reason(now) is None]
        return sorted(found, key=lambda key: (key.account_id, key.created_at))

    @property
    def ended_since(self) -> int:
        """How many keys worked when the backup was created, and stay ended."""
        now = time.time()
        return sum(
            self._before[digest].inactive_reason(now) is None
            and key.inactive_reason(now) is not None
            for digest, key in self._keys.items()
        )

    def entries(self, backup: Backup, target: Deployment) -> Iterator[Entry]:
        """For the audit log of each account."""
        working: dict[str, int] = {}
        for key in self.working:
            working[key.account_id] = working.get(key.account_id, 0) + 1
        for account_id in self._subscriptions:
            after = {"backup_made_at": backup.since, "keys": working.get(account_id, 0)}
            changes = differences({}, after)
            action = Action.ACCOUNT_RESTORED
            yield entry_at(time.time(), account_id, action, target.operator, changes=changes)

    def of_accounts(self, items: Iterator[Pair]) -> Iterator[Pair]:
        """Those of AccountsTable, as they are to be; without short-lived tokens, which may have
        been revoked since, and expire soon."""
        for table, item in items:
            if table == "AccountsTable" and not is_token(item):
                yield table, self._item(item)

    def of_others(self, items: Iterator[Pair]) -> Iterator[Pair]:
        """Those of the other tables, without webhooks that were changed since."""
        for table, item in items:
            if table != "AccountsTable" and not self._is_changed_webhook(item):
                yield table, item

    def _is_changed_webhook(self, item: Item) -> bool:
        account_id = item["pk"]["S"].removeprefix("account#")
        return is_webhook(item) and account_id in self._history.webhooks

    def _subscription(self, account: Account) -> Subscription:
        if known := self._known.get(account.id):
            return known.subscription
        subscription = self._history.subscription(account.id, account.subscription)
        # Those of the stack it was in are of no use to this one.
        identifier = self._edge.identifier(subscription.plan, account.id)
        return replace(subscription, usage_identifier=identifier, interim=None)

    def _restored(self, key: ApiKey) -> ApiKey:
        key = self._history.key(key)
        subscription = self._subscriptions.get(key.account_id)
        return key if subscription is None else replace(key, subscription=subscription)

    def _item(self, item: Item) -> Item:
        if item["sk"]["S"] == "account":
            account_id = item["pk"]["S"].removeprefix("account#")
            return item | {"subscription": SUBSCRIPTION.encode(self._subscriptions[account_id])}
        key = self._keys.get(item["pk"]["S"].removeprefix("key#"))
        if key is None or item["sk"]["S"] != "key":
            return item
        # Without attributes that the key no longer has, and with those of later versions.
        had = to_item(self._before[key.digest])
        return {name: value for name, value in item.items() if name not in had} | to_item(key)


def is_webhook(item: Item) -> bool:
    return bool(item.get("sk", {}).get("S") == _WEBHOOK)
