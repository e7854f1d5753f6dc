"""What may be done with API keys, for whoever is allowed to manage an account's keys."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import uuid4

from jmpy.accounts.errors import SubscriptionChanged
from jmpy.accounts.store import AccountStore
from jmpy.clock import Clock, system_clock
from jmpy.keys import token
from jmpy.keys.errors import InvalidKeyRequest, KeyNotActive
from jmpy.keys.model import ApiKey, IssuedKey, KeyStatus, Permission
from jmpy.keys.store import KeyStore

NAME_LENGTH = 100
MAX_GRACE_PERIOD = 7 * 24 * 3600
"""Seconds for which a rotated key may go on working, at most."""

_ATTEMPTS = 3
"""How often a key is added while its account's plan changes."""

DISPLAY_PREFIX_LENGTH = len(token.PREFIX) + 4


class KeyService:
    def __init__(
        self,
        store: KeyStore,
        accounts: AccountStore,
        now: Clock = system_clock,
        generate: Callable[[], str] = token.generate,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._now = now
        self._generate = generate

    def create(
        self,
        account_id: str,
        name: str,
        permissions: Iterable[str],
        expires_at: int | None = None,
    ) -> IssuedKey:
        """A new key of the account; the caller shows `secret` once and forgets it.

        Raises:
            InvalidKeyRequest: empty or long name, no or unknown permission, expiry in the past.
            AccountNotFound: there is no such account.
            SubscriptionChanged: its plan was changed again and again meanwhile.
        """
        now = int(self._now())
        if expires_at is not None and expires_at <= now:
            raise InvalidKeyRequest("The expiry has to be in the future")
        issued = self._issue(
            account_id=account_id,
            name=_checked_name(name),
            permissions=_checked_permissions(permissions),
            created_at=now,
            expires_at=expires_at,
        )
        return self._subscribed(issued, self._store.add)

    def of_account(self, account_id: str) -> list[ApiKey]:
        """The account's keys, newest first, revoked and expired ones included."""
        keys = self._store.of_account(account_id)
        return sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)

    def get(self, account_id: str, key_id: str) -> ApiKey:
        """Raises KeyNotFound."""
        return self._store.get(account_id, key_id)

    def change(
        self,
        account_id: str,
        key_id: str,
        name: str | None = None,
        permissions: Iterable[str] | None = None,
    ) -> ApiKey:
        """Renames or re-scopes a working key; None leaves a field as it is.

        Raises KeyNotFound, KeyNotActive, InvalidKeyRequest.
        """
        key = self._working(account_id, key_id)
        changed = replace(
            key,
            name=key.name if name is None else _checked_name(name),
            permissions=key.permissions
            if permissions is None
            else _checked_permissions(permissions),
        )
        self._store.change(key, changed.name, changed.permissions)
        return changed

    def revoke(self, account_id: str, key_id: str) -> ApiKey:
        """Ends a key for good; a second time changes nothing. Raises KeyNotFound."""
        key = self._store.get(account_id, key_id)
        if key.status is KeyStatus.REVOKED:
            return key
        now = int(self._now())
        try:
            self._store.revoke(key, now)
        except KeyNotActive:
            return self._store.get(account_id, key_id)
        return replace(key, status=KeyStatus.REVOKED, revoked_at=now)

    def rotate(self, account_id: str, key_id: str, grace_period: int = 0) -> IssuedKey:
        """A new key with the old one's name, permissions and lifetime. The old one works for
        `grace_period` more seconds, but never beyond its own expiry.

        Raises KeyNotFound, KeyNotActive, InvalidKeyRequest.
        """
        if not 0 <= grace_period <= MAX_GRACE_PERIOD:
            days = MAX_GRACE_PERIOD // 86400
            raise InvalidKeyRequest(f"The grace period has to be between 0 seconds and {days} days")
        old = self._working(account_id, key_id)
        now = int(self._now())
        lifetime = None if old.expires_at is None else old.expires_at - old.created_at
        issued = self._issue(
            account_id=old.account_id,
            name=old.name,
            permissions=old.permissions,
            created_at=now,
            expires_at=None if lifetime is None else now + lifetime,
        )
        ends = now + grace_period
        if old.expires_at is not None:
            ends = min(ends, old.expires_at)
        return self._subscribed(issued, lambda new: self._store.replace(old, new, ends))

    def _working(self, account_id: str, key_id: str) -> ApiKey:
        key = self._store.get(account_id, key_id)
        if key.refusal(self._now()):
            raise KeyNotActive(key_id)
        return key

    def _issue(
        self,
        *,
        account_id: str,
        name: str,
        permissions: frozenset[Permission],
        created_at: int,
        expires_at: int | None,
    ) -> IssuedKey:
        secret = self._generate()
        record = ApiKey(
            digest=token.digest(secret),
            id=str(uuid4()),
            account_id=account_id,
            name=name,
            permissions=permissions,
            subscription=self._accounts.get(account_id).subscription,
            display_prefix=secret[:DISPLAY_PREFIX_LENGTH],
            last_four=secret[-4:],
            created_at=created_at,
            expires_at=expires_at,
        )
        return IssuedKey(record, secret)

    def _subscribed(self, issued: IssuedKey, add: Callable[[ApiKey], None]) -> IssuedKey:
        """The key, added with the subscription that its account has at that moment."""
        for _ in range(_ATTEMPTS):
            try:
                add(issued.record)
            except SubscriptionChanged:
                subscription = self._accounts.get(issued.record.account_id).subscription
                issued = replace(issued, record=replace(issued.record, subscription=subscription))
            else:
                return issued
        raise SubscriptionChanged(issued.record.account_id)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not name.isprintable():
        raise InvalidKeyRequest(f"A key's name has 1 to {NAME_LENGTH} printable characters")
    return name


def _checked_permissions(permissions: Iterable[str]) -> frozenset[Permission]:
    names = set(permissions)
    known = ", ".join(Permission)
    if not names:
        raise InvalidKeyRequest(f"A key needs at least one permission of: {known}")
    if unknown := names - set(Permission):
        raise InvalidKeyRequest(f"Unknown permission {min(unknown)!r}; permissions are: {known}")
    return frozenset(Permission(name) for name in names)
