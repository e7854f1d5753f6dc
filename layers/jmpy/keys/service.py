"""Operations on API keys, for callers who may manage an account's keys.

Each change names its origin (`by`): it is written in one transaction with its entry in the audit
log.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict, TypeVar

from jmpy.accounts.errors import AccountChanged, AccountSuspended
from jmpy.audit.model import Action, differences
from jmpy.clock import DAY, system_clock
from jmpy.keys import allowed_ips as addresses
from jmpy.keys import fields, record, token
from jmpy.keys.errors import (
    InvalidKeyRequest,
    KeyChanged,
    KeyNotActive,
    KeyNotFound,
    TooManyKeys,
)
from jmpy.keys.issuing import KeySettings, issue, successor
from jmpy.keys.model import ApiKey, InactiveReason, KeyState, KeyStatus
from jmpy.retry import CONTENTION
from jmpy.transaction import TransactionItem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Unpack

    from jmpy.accounts.model import Account
    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.keys.model import IssuedKey
    from jmpy.keys.store import KeyStore

MAX_GRACE_PERIOD = 7 * DAY
"""Seconds for which a rotated key may continue to work, at most."""

DEFAULT_GRACE_PERIOD = DAY
"""Seconds, unless the request names another number: dashboard, API and `make rotate`."""

MAX_WORKING = 100
"""Keys of one account that are neither revoked nor expired."""

Result = TypeVar("Result")

Also = Callable[[ApiKey], TransactionItem]


class KeyChanges(TypedDict, total=False):
    """Changes of a key; absent fields stay as they are, None clears the environment, and an empty
    list of addresses allows any."""

    name: str
    permissions: Iterable[str]
    environment: str | None
    header_only: bool
    allowed_ips: Iterable[str]


class KeyService:
    def __init__(
        self,
        store: KeyStore,
        accounts: AccountStore,
        audit: AuditLog,
        now: Clock = system_clock,
        generate: Callable[[], str] = token.generate,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._audit = audit
        self._now = now
        self._generate = generate

    def create(
        self,
        account_id: str,
        name: str,
        permissions: Iterable[str],
        expires_at: int | None = None,
        *,
        by: Origin,
        environment: str | None = None,
        header_only: bool = False,
        allowed_ips: Iterable[str] = (),
        also: Also | None = None,
    ) -> IssuedKey:
        """Creates a key of the account. The caller shows `secret` once and does not store it.
        What `also` returns is written in the same transaction.

        Raises:
            InvalidKeyRequest: empty or long name, no or unknown permission, unknown environment,
                expiry in the past, an address that is none or that no request comes from.
            TooManyKeys: the account has the maximum number of working keys.
            AccountNotFound: the account does not exist.
            AccountSuspended: the account may not get new keys.
            AccountChanged: its plan or its keys kept changing during all attempts.
            TooManyChanges: the daily limit of changes to keys and settings is exceeded.
        """
        fields.check_expiry(expires_at, self._now())
        settings = KeySettings(
            name=fields.checked_name(name),
            permissions=fields.checked_permissions(permissions),
            environment=fields.checked_environment(environment),
            header_only=header_only,
            allowed_ips=addresses.checked(allowed_ips),
        )

        def add() -> IssuedKey:
            # Read the account first: a key that is added from here on makes this attempt fail.
            account = self._with_room(self._unsuspended(account_id))
            issued = issue(account, settings, self._now(), expires_at, self._generate())
            created = record.creation(by, issued.record, self._now())
            written = _items(also, issued.record)
            self._audit.commit(partial(self._store.add, issued.record, account, *written), created)
            return issued

        return _while_changing(account_id, add)

    def of_account(self, account_id: str, state: KeyState | None = None) -> list[ApiKey]:
        """The account's keys, newest first, including revoked and expired ones; with `state`,
        those that are currently in it."""
        now = self._now()
        keys = [
            key
            for key in self._store.of_account(account_id)
            if state is None or key.state(now) is state
        ]
        return sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)

    def page(
        self, account_id: str, number: int, limit: int, state: KeyState | None = None
    ) -> tuple[list[ApiKey], int]:
        """One page of the account's keys, newest first, and the total; with `state`, of the keys
        that are currently in it, for which all keys are read."""
        skip = (number - 1) * limit
        if state is None:
            return self._store.page(account_id, limit, skip)
        found = self.of_account(account_id, state)
        return found[skip : skip + limit], len(found)

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        return self._store.get(account_id, key_id)

    def rotated_at(self, key: ApiKey) -> int | None:
        """None if it was not rotated, or if its successor is missing from a restored backup."""
        with suppress(KeyNotFound):
            if key.replaced_by is not None:
                return self._store.get(key.account_id, key.replaced_by).created_at
        return None

    def change(
        self,
        account_id: str,
        key_id: str,
        *,
        by: Origin,
        version: int | None = None,
        **changes: Unpack[KeyChanges],
    ) -> ApiKey:
        """Renames, re-labels or re-scopes a working key; with `version`, only if that is its
        version, or if the key already is as requested.

        Raises KeyNotFound, KeyNotActive, KeyChanged, InvalidKeyRequest, AccountChanged,
        AccountSuspended, TooManyChanges.
        """

        def store() -> ApiKey:
            before = self._working(account_id, key_id)
            after = replace(before, **fields.checked(changes))
            if not (changed := differences(record.audited(before), record.audited(after))):
                return before
            _require(version, before)
            entry = record.entry(by, Action.KEY_CHANGED, before, changed, self._now())
            return self._audit.commit(partial(self._store.change, before, after, changed), entry)

        return _while_changing(account_id, store)

    def revoke(
        self, account_id: str, key_id: str, *, by: Origin, version: int | None = None
    ) -> ApiKey:
        """Revokes a key irreversibly; with `version`, only if that is its version. Revoking it
        again changes nothing.

        Raises KeyNotFound, KeyChanged, AccountChanged.
        """

        def end() -> ApiKey:
            key = self._store.get(account_id, key_id)
            if key.status is KeyStatus.REVOKED:
                return key
            _require(version, key)
            changed = differences({"status": key.status}, {"status": KeyStatus.REVOKED})
            entry = record.entry(by, Action.KEY_REVOKED, key, changed, self._now())
            return self._audit.commit(partial(self._store.revoke, key, int(self._now())), entry)

        return _while_changing(account_id, end)

    def rotate(
        self,
        account_id: str,
        key_id: str,
        grace_period: int = DEFAULT_GRACE_PERIOD,
        *,
        by: Origin,
        version: int | None = None,
        also: Also | None = None,
    ) -> IssuedKey:
        """Creates a key with the settings and lifetime of the old one. The old one works for
        `grace_period` more seconds, but never beyond its own expiry, and counts as working until
        then. With `version`, only if that is the old key's version. What `also` returns is
        written in the same transaction.

        Raises KeyNotFound, KeyNotActive, KeyChanged, InvalidKeyRequest, TooManyKeys,
        AccountChanged, AccountSuspended, TooManyChanges.
        """
        if not 0 <= grace_period <= MAX_GRACE_PERIOD:
            days = MAX_GRACE_PERIOD // DAY
            raise InvalidKeyRequest(
                "grace_period", f"The grace period has to be between 0 seconds and {days} days"
            )

        def replace_old() -> IssuedKey:
            old = self._working(account_id, key_id)
            if old.replaced_by is not None:
                raise KeyNotActive(key_id)
            _require(version, old)
            account = self._unsuspended(account_id)
            now = self._now()
            ends = int(now) + grace_period
            if old.expires_at is not None:
                ends = min(ends, old.expires_at)
            account = self._with_room(account, leaving=None if ends > int(now) else old)
            issued = successor(old, account, now, self._generate())
            written = _items(also, issued.record)
            replaced = partial(self._store.replace, old, issued.record, ends, account, *written)
            entries = record.rotation(by, old, issued.record, ends, now)
            self._audit.commit(replaced, *entries)
            return replace(issued, old_key_expires_at=ends)

        return _while_changing(account_id, replace_old)

    def _working(self, account_id: str, key_id: str) -> ApiKey:
        key = self._store.get(account_id, key_id)
        reason = key.inactive_reason(self._now())
        if reason is InactiveReason.SUSPENDED:
            raise AccountSuspended(account_id)
        if reason:
            raise KeyNotActive(key_id)
        return key

    def _unsuspended(self, account_id: str) -> Account:
        """Raises AccountNotFound, AccountSuspended. A later suspension changes the version of the
        subscription, so a write based on this account fails."""
        account = self._accounts.get(account_id)
        if account.is_suspended:
            raise AccountSuspended(account_id)
        return account

    def _with_room(self, account: Account, leaving: ApiKey | None = None) -> Account:
        """The account, if it may have one more working key. Its keys are read only if the number
        known to have ended leaves no place; the number found is stored with the new key. Raises
        TooManyKeys."""
        if account.keys_added - account.keys_ended < MAX_WORKING:
            return account
        now = self._now()
        keys = self._store.of_account(account.id)
        working = {key.id for key in keys if not key.inactive_reason(now)}
        if leaving is not None:
            working.discard(leaving.id)
        if len(working) >= MAX_WORKING:
            raise TooManyKeys(MAX_WORKING)
        return replace(account, keys_ended=len(keys) - len(working))


def _items(also: Also | None, key: ApiKey) -> list[TransactionItem]:
    return [] if also is None else [also(key)]


def _require(version: int | None, key: ApiKey) -> None:
    """Raises KeyChanged."""
    if version is not None and key.version != version:
        raise KeyChanged


def _while_changing(account_id: str, attempt: Callable[[], Result]) -> Result:
    """The result of `attempt`, repeated if the account changed in the meantime."""
    for _ in CONTENTION.numbers():
        with suppress(AccountChanged):
            return attempt()
    raise AccountChanged(account_id)
