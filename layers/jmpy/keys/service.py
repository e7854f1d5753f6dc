"""Operations on API keys, for callers who may manage an account's keys.

Each change names its origin (`by`): it is written in one transaction with its entry in the audit
log.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from jmpy.accounts.contention import while_changing
from jmpy.accounts.errors import AccountSuspended
from jmpy.clock import system_clock
from jmpy.keys import allowed_ips as addresses
from jmpy.keys import fields, record, rotation, token, validity, working_limit
from jmpy.keys.errors import KeyNotActive, KeyPaused
from jmpy.keys.issuing import KeySettings, issue
from jmpy.keys.lifetime import LONGEST
from jmpy.keys.model import ApiKey
from jmpy.keys.rotation import DEFAULT_GRACE_PERIOD
from jmpy.keys.updates import KeyUpdates, require_version
from jmpy.transaction import TransactionItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmpy.accounts.model import Account
    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.keys.lifetime import Unspecified
    from jmpy.keys.model import IssuedKey
    from jmpy.keys.store import KeyStore

Also = Callable[[ApiKey], TransactionItem]


class KeyService(KeyUpdates):
    def __init__(
        self,
        store: KeyStore,
        accounts: AccountStore,
        audit: AuditLog,
        now: Clock = system_clock,
        generate: Callable[[], str] = token.generate,
    ) -> None:
        super().__init__(store, accounts, audit, now)
        self._generate = generate

    def create(
        self,
        account_id: str,
        name: str,
        permissions: Iterable[str],
        expires_at: int | Unspecified | None = LONGEST,
        *,
        by: Origin,
        environment: str | None = None,
        description: str | None = None,
        labels: Iterable[str] = (),
        header_only: bool = False,
        allowed_ips: Iterable[str] = (),
        limits: Mapping[str, int] | None = None,
        not_before: int | None = None,
        also: Also | None = None,
    ) -> IssuedKey:
        """Creates a key of the account. The caller shows `secret` once and does not store it.
        What `also` returns is written in the same transaction.

        Raises:
            InvalidKeyRequest: empty or long name, no or unknown permission, unknown environment,
                expiry or start in the past, expiry beyond the account's policy or before the start,
                long description, a label that is none or one too many, an address that is none or
                that no request comes from, an unknown class or impossible number among the limits.
            TooManyKeys: the account has the maximum number of working keys.
            AccountNotFound: the account does not exist.
            AccountSuspended: the account may not get new keys.
            AccountChanged: its plan or its keys kept changing during all attempts.
            TooManyChanges: the daily limit of changes to keys and settings is exceeded.
        """
        validity.check_expiry(expires_at, self._now())
        validity.check_not_before(not_before, self._now())
        settings = KeySettings(
            name=fields.checked_name(name),
            permissions=fields.checked_permissions(permissions),
            environment=fields.checked_environment(environment),
            description=fields.checked_description(description),
            labels=fields.checked_labels(labels),
            header_only=header_only,
            allowed_ips=addresses.checked(allowed_ips),
            limits=fields.checked_limits(limits),
        )

        def add() -> IssuedKey:
            # Read the account first: a key that is added from here on makes this attempt fail.
            account = self._admitted(account_id)
            issued = issue(
                account,
                settings,
                self._now(),
                expires_at,
                self._generate(),
                by=by.actor,
                not_before=not_before,
            )
            created = record.creation(by, issued.record, self._now())
            written = _items(also, issued.record)
            self._audit.commit(partial(self._store.add, issued.record, account, *written), created)
            return issued

        return while_changing(account_id, add)

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

        Raises KeyNotFound, KeyNotActive, KeyPaused, KeyChanged, InvalidKeyRequest, TooManyKeys,
        AccountChanged, AccountSuspended, TooManyChanges.
        """
        rotation.check_grace_period(grace_period)

        def replace_old() -> IssuedKey:
            old = self._working(account_id, key_id)
            if old.replaced_by is not None:
                raise KeyNotActive(key_id)
            if old.paused_at is not None:
                raise KeyPaused(key_id)
            require_version(version, old)
            now = self._now()
            ends = rotation.grace_end(old, grace_period, now)
            account = self._admitted(account_id, leaving=None if ends > int(now) else old)
            issued = rotation.successor(old, ends, account, now, self._generate(), by=by.actor)
            written = _items(also, issued.record)
            replaced = partial(self._store.replace, old, issued.record, ends, account, *written)
            entries = record.rotation(by, old, issued.record, ends, now)
            self._audit.commit(replaced, *entries)
            return issued

        return while_changing(account_id, replace_old)

    def _admitted(self, account_id: str, leaving: ApiKey | None = None) -> Account:
        """The account, if it may have one more working key. A later suspension changes the version
        of the subscription, so a write based on this account fails. Raises AccountNotFound,
        AccountSuspended, TooManyKeys."""
        account = self._accounts.get(account_id)
        if account.is_suspended:
            raise AccountSuspended(account_id)
        return working_limit.admit(self._store, account, self._now(), leaving)


def _items(also: Also | None, key: ApiKey) -> list[TransactionItem]:
    return [] if also is None else [also(key)]
