"""Renews the plan of every account: the work of `make plans`.

For accounts that are to share a usage plan key from now on, or to stop sharing one; keys that are
missing in API Gateway are created again. Several accounts are changed at a time, and the wait until
API Gateway has applied their new keys happens once, not per account, before the old ones are
deleted. An interrupted run can be repeated and does the rest.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.accounts.errors import SubscriptionChanged
from jmpy.accounts.service import seconds_until_settled
from jmpy.accounts.usage_plan_imports import holders

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.model import Account
    from jmpy.accounts.service import AccountService
    from jmpy.accounts.store import AccountStore
    from jmpy.accounts.usage_plan_imports import UsagePlanKeyImports
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.audit.model import Origin
    from jmpy.keys.store import KeyStore

AT_ONCE = 16
"""Accounts that are changed concurrently."""


@dataclass(frozen=True, slots=True)
class Renewed:
    accounts: int
    created: int
    """Usage plan keys."""
    moved: int
    """Accounts that use another usage plan key than before."""
    deleted: int
    """Usage plan keys that no account uses any more."""


class Renewal:
    def __init__(
        self,
        service: AccountService,
        accounts: AccountStore,
        keys: KeyStore,
        edge: UsagePlanKeys,
        bulk: UsagePlanKeyImports,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service = service
        self._accounts = accounts
        self._keys = keys
        self._edge = edge
        self._bulk = bulk
        self._pause = pause

    def run(self, *, by: Origin) -> Renewed:
        """Raises UnknownPlan, TooManyEdgeKeys."""
        accounts = [*self._accounts.all()]
        created = self._bulk.admit(holders(accounts))
        moving = [account for account in accounts if self._moves(account)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            moved = sum(pool.map(lambda account: self._move(account, by), moving))
            self._carry(pool)
        if moving:
            subscriptions = (account.subscription for account in self._accounts.all())
            self._pause(seconds_until_settled(subscriptions, self._edge.now()))
        deleted = self._bulk.dismiss_others(self._accounts.all)
        return Renewed(len(accounts), created, moved, deleted)

    def _identifier(self, account: Account) -> str:
        return self._edge.identifier(account.subscription.plan, account.id)

    def _moves(self, account: Account) -> bool:
        return account.subscription.usage_identifier != self._identifier(account)

    def _move(self, account: Account, by: Origin) -> bool:
        try:
            self._service.renew(account, self._identifier(account), by=by)
        except SubscriptionChanged:
            return False  # changed meanwhile, which also renewed its usage plan key
        return True

    def _carry(self, pool: ThreadPoolExecutor) -> None:
        """For usage plan keys that an interrupted run, of this or of `make plan`, left behind."""
        subscriptions = {account.id: account.subscription for account in self._accounts.all()}
        behind = [
            key
            for key in self._keys.all()
            if (known := subscriptions.get(key.account_id))
            and key.subscription.version < known.version
        ]
        for _ in pool.map(
            lambda key: self._keys.subscribe(key, subscriptions[key.account_id]), behind
        ):
            pass
