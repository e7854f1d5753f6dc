"""The policy of an account for its keys, and the keys that exceed it.

A new or changed key has to comply (jmpy/keys/lifetime.py). Keys that exist when the policy is set
are left alone until the owner applies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from jmpy.accounts.contention import while_changing
from jmpy.accounts.errors import AccountChanged
from jmpy.audit.model import Action, differences, entry_at
from jmpy.clock import system_clock
from jmpy.key_policy.errors import InvalidKeyPolicy, KeyPolicyChanged
from jmpy.keys.errors import KeyNotActive
from jmpy.keys.lifetime import exceeds, latest_expiry

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService

MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    max_key_days: int | None
    """None for no limit."""
    exceeding: tuple[ApiKey, ...] = ()
    """Working keys that live longer, newest first."""

    @property
    def version(self) -> int:
        """The policy is one number, which identifies it: 0 stands for no limit."""
        return self.max_key_days or 0


class Outcome(StrEnum):
    """What applying the policy did to a key."""

    SHORTENED = "shortened"
    ENDED = "ended"
    """Nothing: it was revoked, or expired, in the meantime."""
    CONFLICT = "conflict"
    """Nothing: other requests kept changing it. Applying the policy again may succeed."""


@dataclass(frozen=True, slots=True)
class Applied:
    key: ApiKey
    """As it is now if it was shortened, otherwise as it was read."""
    outcome: Outcome


class KeyPolicies:
    def __init__(
        self,
        accounts: AccountStore,
        keys: KeyService,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._audit = audit
        self._now = now

    def get(self, account_id: str) -> KeyPolicy:
        """Raises AccountNotFound. All keys of the account are read if it has a policy."""
        return self._policy(self._accounts.get(account_id))

    def set(
        self,
        account_id: str,
        max_key_days: int | None,
        *,
        by: Origin,
        version: int | None = None,
    ) -> KeyPolicy:
        """Keys that are created, changed or rotated from now on comply, including those that are
        being created: a key that is added is rejected unless the policy still is the one that it
        was checked against. With `version`, only if that is the policy's, or if the policy already
        is as requested.

        Raises InvalidKeyPolicy, KeyPolicyChanged, AccountNotFound, AccountChanged, TooManyChanges.
        """
        if max_key_days is not None and not 1 <= max_key_days <= MAX_DAYS:
            raise InvalidKeyPolicy(MAX_DAYS)
        while_changing(account_id, partial(self._set, account_id, max_key_days, by, version))
        return self.get(account_id)

    def _set(self, account_id: str, days: int | None, by: Origin, version: int | None) -> None:
        account = self._accounts.get(account_id)
        changed = differences({"max_key_days": account.max_key_days}, {"max_key_days": days})
        if not changed:
            return
        _require(version, account)
        entry = entry_at(self._now(), account_id, Action.KEY_POLICY_CHANGED, by, changes=changed)
        self._audit.commit(partial(self._accounts.set_max_key_days, account, days), entry)

    def apply(self, account_id: str, *, by: Origin, version: int | None = None) -> list[Applied]:
        """Shortens the keys that exceed the policy to what it permits, counted from now. Each is
        changed by itself, with its own entry in the audit log; after a fault, the rest are
        shortened by applying it again. With `version`, only if that is the policy's.

        Raises KeyPolicyChanged, AccountNotFound, AccountSuspended.
        """
        account = self._accounts.get(account_id)
        _require(version, account)
        latest = latest_expiry(account.max_key_days, self._now())
        if latest is None:
            return []
        return [self._shortened(key, latest, by) for key in self._policy(account).exceeding]

    def _shortened(self, key: ApiKey, latest: int, by: Origin) -> Applied:
        try:
            shortened = self._keys.shorten(key.account_id, key.id, latest, by=by)
        except KeyNotActive:
            return Applied(key, Outcome.ENDED)
        except AccountChanged:
            return Applied(key, Outcome.CONFLICT)
        return Applied(shortened, Outcome.SHORTENED)

    def _policy(self, account: Account) -> KeyPolicy:
        days, now = account.max_key_days, self._now()
        if days is None:
            return KeyPolicy(None)
        keys = self._keys.of_account(account.id)
        working = (key for key in keys if not key.has_ended(now))
        return KeyPolicy(days, tuple(key for key in working if exceeds(key, days, now)))


def _require(version: int | None, account: Account) -> None:
    """Raises KeyPolicyChanged."""
    if version is not None and version != KeyPolicy(account.max_key_days).version:
        raise KeyPolicyChanged
