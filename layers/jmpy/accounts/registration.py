"""Accounts of people who sign in: found, or created on the first sign-in.

Separate from the operator's `AccountService`, because only one function may change API Gateway's
keys (functions/edge_key), and the dashboard only receives its result.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jmpy.accounts.errors import AccountSuspended, InvalidAccountId
from jmpy.accounts.model import DEFAULT_PLAN, Account, Subscription
from jmpy.audit.model import Action, Entry, differences, entry_at
from jmpy.clock import system_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jmpy.accounts.store import AccountStore
    from jmpy.accounts.usage_plan_keys import AdmittedKey
    from jmpy.audit.model import Change, Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock

ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Registration:
    def __init__(
        self,
        store: AccountStore,
        admit: Callable[[str], AdmittedKey],
        audit: AuditLog,
        *,
        now: Clock = system_clock,
    ) -> None:
        """`admit` ensures that a usage plan key exists for the id of a new account."""
        self._store = store
        self._admit = admit
        self._audit = audit
        self._now = now

    def get(self, account_id: str) -> Account:
        """Raises AccountNotFound."""
        return self._store.get(account_id)

    def require_unsuspended(self, account_id: str) -> None:
        """Raises AccountNotFound, AccountSuspended."""
        _require_unsuspended(self._store.get(account_id))

    def ensure(self, account_id: str, email: str | None = None, *, by: Origin) -> Account:
        """The account with that id; created on the default plan if it does not exist. `email` is
        the owner's address, if known.

        Raises InvalidAccountId, AccountSuspended.
        """
        if not ACCOUNT_ID.fullmatch(account_id):
            raise InvalidAccountId(account_id)
        if account := self._store.find(account_id):
            _require_unsuspended(account)
            if email is None or email == account.email:
                return account
            self._store.set_email(account_id, email)
            return replace(account, email=email)
        # The usage plan key first: without one, the account's requests would fail.
        key = self._admit(account_id)
        subscription = Subscription(DEFAULT_PLAN, key.identifier, interim=key.interim)
        account = Account(account_id, subscription, int(self._now()), email=email)
        changes = differences({}, {"plan": DEFAULT_PLAN})
        entry = self._entry(by, Action.ACCOUNT_CREATED, account_id, changes)
        added = self._audit.commit(partial(self._store.add, account), entry)
        return account if added else self._store.get(account_id)

    def _entry(
        self, by: Origin, action: Action, account_id: str, changes: Mapping[str, Change]
    ) -> Entry:
        return entry_at(self._now(), account_id, action, by, changes=changes)


def _require_unsuspended(account: Account) -> None:
    if account.is_suspended:
        raise AccountSuspended(account.id)
