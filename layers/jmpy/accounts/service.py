"""What may be done with accounts."""

import re
from uuid import uuid4

from jmpy.accounts.errors import InvalidAccountId
from jmpy.accounts.model import DEFAULT_PLAN, Account
from jmpy.accounts.store import AccountStore
from jmpy.clock import Clock, system_clock

_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AccountService:
    def __init__(self, store: AccountStore, now: Clock = system_clock) -> None:
        self._store = store
        self._now = now

    def ensure(self, account_id: str) -> Account:
        """The account with that id, created on the default plan if there is none.

        Raises InvalidAccountId.
        """
        if not _ACCOUNT_ID.fullmatch(account_id):
            raise InvalidAccountId(account_id)
        if account := self._store.find(account_id):
            return account
        account = Account(account_id, DEFAULT_PLAN, str(uuid4()), int(self._now()))
        if self._store.add(account):
            return account
        existing = self._store.find(account_id)
        assert existing is not None, "accounts are never deleted"
        return existing
