"""Changes of an account's existing keys. Each is written in one transaction with its entry in the
audit log."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from jmpy.accounts.contention import while_changing
from jmpy.accounts.errors import AccountChanged, AccountSuspended
from jmpy.audit.model import Action, differences
from jmpy.clock import system_clock
from jmpy.keys import fields, lifetime, record, validity
from jmpy.keys.errors import KeyChanged, KeyNotActive, KeyNotFound
from jmpy.keys.model import KeyStatus
from jmpy.keys.reader import KeyReader
from jmpy.keys.revocation import Outcome, Revocation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Unpack

    from jmpy.accounts.model import Account
    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Change, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore


class KeyChanges(TypedDict, total=False):
    """Changes of a key; absent fields stay as they are, None clears a field, and an empty list of
    addresses allows any."""

    name: str
    permissions: Iterable[str]
    environment: str | None
    description: str | None
    labels: Iterable[str]
    header_only: bool
    allowed_ips: Iterable[str]
    limits: Mapping[str, int] | None
    not_before: int | None
    """Seconds since the Unix epoch, UTC, as the next one."""
    expires_at: int | None


class KeyUpdates(KeyReader):
    def __init__(
        self,
        store: KeyStore,
        accounts: AccountStore,
        audit: AuditLog,
        now: Clock = system_clock,
    ) -> None:
        super().__init__(store, now)
        self._accounts = accounts
        self._audit = audit

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
            require_version(version, before)
            account = None
            if validity.needs_policy(before, after):
                account = self._accounts.get(account_id)
            max_key_days = account.max_key_days if account else None
            validity.check_change(before, after, max_key_days, self._now())
            return self._stored(Action.KEY_CHANGED, by, before, after, changed, account=account)

        return while_changing(account_id, store)

    def shorten(self, account_id: str, key_id: str, latest: int, *, by: Origin) -> ApiKey:
        """Lets a working key expire at `latest`, in seconds since the Unix epoch, UTC, unless it
        expires earlier.

        Raises KeyNotFound, KeyNotActive, AccountChanged, AccountSuspended.
        """

        def store() -> ApiKey:
            before = self._working(account_id, key_id)
            after = replace(before, expires_at=lifetime.earlier(before.expires_at, latest))
            changed = differences(
                {"expires_at": before.expires_at}, {"expires_at": after.expires_at}
            )
            if not changed:
                return before
            return self._stored(Action.KEY_CHANGED, by, before, after, changed)

        return while_changing(account_id, store)

    def pause(
        self, account_id: str, key_id: str, *, by: Origin, version: int | None = None
    ) -> ApiKey:
        """Has the key denied until it is resumed; with `version`, only if that is its version.
        Pausing it again changes nothing. A paused key can be changed and revoked, not rotated.

        Raises KeyNotFound, KeyNotActive, KeyChanged, AccountChanged.
        """

        def attempt() -> ApiKey:
            key = self._not_ended(account_id, key_id)
            if key.paused_at is not None:
                return key
            require_version(version, key)
            return self._paused(Action.KEY_PAUSED, by, key, int(self._now()))

        return while_changing(account_id, attempt)

    def resume(
        self, account_id: str, key_id: str, *, by: Origin, version: int | None = None
    ) -> ApiKey:
        """Has a paused key accepted again, as `pause` does the opposite.

        Raises KeyNotFound, KeyNotActive, KeyChanged, AccountChanged, AccountSuspended,
        TooManyChanges.
        """

        def attempt() -> ApiKey:
            key = self._working(account_id, key_id)
            if key.paused_at is None:
                return key
            require_version(version, key)
            return self._paused(Action.KEY_RESUMED, by, key, None)

        return while_changing(account_id, attempt)

    def revoke(
        self, account_id: str, key_id: str, *, by: Origin, version: int | None = None
    ) -> ApiKey:
        """Revokes a key irreversibly; with `version`, only if that is its version. Revoking it
        again changes nothing.

        Raises KeyNotFound, KeyChanged, AccountChanged.
        """

        key, _ = self._revoked(account_id, key_id, by, version)
        return key

    def revoke_each(
        self, account_id: str, key_ids: Iterable[str], *, by: Origin
    ) -> list[Revocation]:
        """Revokes several keys, one after the other, each with an entry of its own in the audit
        log; what happened to each, in the same order. A fault behind us ends it: those before have
        been revoked, and sending the same again revokes the rest."""

        def revocation(key_id: str) -> Revocation:
            try:
                key, is_first = self._revoked(account_id, key_id, by)
            except KeyNotFound:
                return Revocation(key_id, Outcome.NOT_FOUND)
            except AccountChanged:
                return Revocation(key_id, Outcome.CONTENDED)
            outcome = Outcome.REVOKED if is_first else Outcome.REVOKED_BEFORE
            return Revocation(key_id, outcome, key)

        return [revocation(key_id) for key_id in dict.fromkeys(key_ids)]

    def _revoked(
        self, account_id: str, key_id: str, by: Origin, version: int | None = None
    ) -> tuple[ApiKey, bool]:
        """The key, and whether this call is the one that revoked it."""

        def end() -> tuple[ApiKey, bool]:
            key = self._store.get(account_id, key_id)
            if key.status is KeyStatus.REVOKED:
                return key, False
            require_version(version, key)
            changed = differences({"status": key.status}, {"status": KeyStatus.REVOKED})
            entry = record.entry(by, Action.KEY_REVOKED, key, changed, self._now())
            revoke = partial(self._store.revoke, key, int(self._now()))
            return self._audit.commit(revoke, entry), True

        return while_changing(account_id, end)

    def _paused(self, action: Action, by: Origin, key: ApiKey, paused_at: int | None) -> ApiKey:
        changed = differences({"paused_at": key.paused_at}, {"paused_at": paused_at})
        return self._stored(action, by, key, replace(key, paused_at=paused_at), changed)

    def _stored(
        self,
        action: Action,
        by: Origin,
        before: ApiKey,
        after: ApiKey,
        changed: Mapping[str, Change],
        *,
        account: Account | None = None,
    ) -> ApiKey:
        """The key, with the changed fields as they are in `after`; with `account`, only if its
        policy still is as it was read. Raises AccountChanged, TooManyChanges."""
        entry = record.entry(by, action, before, changed, self._now())
        store = partial(self._store.change, before, after, changed, account=account)
        return self._audit.commit(store, entry)

    def _not_ended(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound, KeyNotActive."""
        key = self._store.get(account_id, key_id)
        if key.has_ended(self._now()):
            raise KeyNotActive(key_id)
        return key

    def _working(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound, KeyNotActive, AccountSuspended."""
        key = self._not_ended(account_id, key_id)
        if key.subscription.suspension is not None:
            raise AccountSuspended(account_id)
        return key


def require_version(version: int | None, key: ApiKey) -> None:
    """Raises KeyChanged."""
    if version is not None and key.version != version:
        raise KeyChanged
