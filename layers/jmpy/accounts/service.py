"""Operations on accounts, for the operator.

Each change names its origin (`by`): it is written in one transaction with its entry in the audit
log.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from jmpy.accounts.errors import InvalidReason
from jmpy.accounts.model import Account, Subscription, Suspension
from jmpy.accounts.registration import Registration
from jmpy.audit.model import Action, Entry, differences
from jmpy.clock import system_clock
from jmpy.limits.plan import UnknownPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from jmpy.accounts.store import AccountStore
    from jmpy.accounts.usage_plan_keys import UsagePlanKeys
    from jmpy.audit.model import Origin
    from jmpy.audit.store import AuditLog
    from jmpy.clock import Clock
    from jmpy.keys.store import KeyStore
    from jmpy.limits.plan import LimitClass

MAX_REASON = 200
"""Characters."""

EFFECTIVE = 5
"""Seconds after which every authorizer applies a change (docs/architecture.md)."""


class AccountService(Registration):
    def __init__(
        self,
        store: AccountStore,
        keys: KeyStore,
        edge: UsagePlanKeys,
        audit: AuditLog,
        *,
        now: Clock = system_clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(store, edge.admit_new, audit, now=now)
        self._keys = keys
        self._edge = edge
        self._pause = pause

    def renew(self, account: Account, identifier: str, *, by: Origin) -> Account:
        """Writes the plan that the account has to it and to all its keys, with another usage plan
        key, which exists already. Raises SubscriptionChanged."""
        after = self._moved(account.subscription, identifier)
        return self._changed(account, after, self._entry(by, Action.PLAN_RENEWED, account.id, {}))

    def _moved(self, before: Subscription, identifier: str) -> Subscription:
        """With another usage plan key. Until API Gateway has applied that, requests use the key
        that they use now."""
        if identifier == before.usage_identifier:
            interim = before.interim
        else:
            interim = self._edge.interim(before.identifier_at(self._now()))
        return replace(
            before, usage_identifier=identifier, interim=interim, version=before.version + 1
        )

    def suspend(self, account_id: str, reason: str | None = None, *, by: Origin) -> Account:
        """Within five seconds, no key and no session of the account is accepted: each of its keys
        carries the suspension, and a key that is being added at the same time is not added. If the
        account is suspended already, its reason is changed. Can be repeated, also after an
        interruption.

        Raises AccountNotFound, InvalidReason, SubscriptionChanged.
        """
        if reason is not None and not (reason.isprintable() and 0 < len(reason) <= MAX_REASON):
            raise InvalidReason(MAX_REASON)
        account = self._store.get(account_id)
        known = account.subscription.suspension
        since = int(self._now()) if known is None else known.since
        if known is not None and reason is None:
            reason = known.reason
        return self._stand(account, Suspension(since, reason), Action.ACCOUNT_SUSPENDED, by)

    def unsuspend(self, account_id: str, *, by: Origin) -> Account:
        """The account's keys work again within five seconds, and its owner may sign in. Can be
        repeated, also after an interruption.

        Raises AccountNotFound, SubscriptionChanged.
        """
        account = self._store.get(account_id)
        return self._stand(account, None, Action.ACCOUNT_UNSUSPENDED, by)

    def _stand(
        self, account: Account, suspension: Suspension | None, action: Action, by: Origin
    ) -> Account:
        before = account.subscription
        if suspension == before.suspension:
            self._carry(account.id, before)  # an earlier run may have been interrupted
            return account
        after = replace(before, suspension=suspension, version=before.version + 1)
        changes = differences(_standing(before), _standing(after))
        return self._changed(account, after, self._entry(by, action, account.id, changes))

    def _changed(self, account: Account, subscription: Subscription, entry: Entry) -> Account:
        """Raises SubscriptionChanged."""
        self._audit.commit(partial(self._store.subscribe, account.id, subscription), entry)
        self._carry(account.id, subscription)
        return replace(account, subscription=subscription)

    def _carry(self, account_id: str, subscription: Subscription) -> None:
        """Copies the subscription to all keys of the account; a key that is not listed yet can only
        be added with the new one. Working keys come first, as an account may have many others."""
        now = self._now()
        keys = self._keys.of_account(account_id)
        for key in sorted(keys, key=lambda key: key.inactive_reason(now) is not None):
            self._keys.subscribe(key, subscription)

    def subscribe(
        self,
        account_id: str,
        plan: str,
        limits: Mapping[LimitClass, int] | None = None,
        *,
        by: Origin,
    ) -> Account:
        """Changes the plan of the account and of all its keys, with daily limits that replace the
        plan's own, effective within five seconds. Each key has a valid usage plan key at all times:
        the new one is created before the change, and used once API Gateway has applied it; until
        then this method waits, and deletes the old one afterwards. Can be repeated, also after an
        interruption.

        Raises AccountNotFound, UnknownPlan, SubscriptionChanged.
        """
        if plan not in self._edge.usage_plans:
            raise UnknownPlan(plan, list(self._edge.usage_plans))
        account = self._store.get(account_id)
        before = account.subscription
        moved = self._moved(before, self._edge.admit(plan, account_id))
        subscription = replace(moved, plan=plan, limits=dict(limits or {}))
        changes = differences(_audited(before), _audited(subscription))
        action = Action.PLAN_CHANGED if changes else Action.PLAN_RENEWED
        changed = self._changed(account, subscription, self._entry(by, action, account_id, changes))
        self._pause(seconds_until_settled([subscription], self._now()))
        # Unless another change happened meanwhile, whose usage plan key this may be.
        if self._store.get(account_id).subscription.version == subscription.version:
            self._edge.dismiss_others(plan, account_id)
        return changed


def seconds_until_settled(subscriptions: Iterable[Subscription], now: float) -> float:
    """Until no request uses an earlier usage plan key of theirs. The subscriptions were just
    written."""
    untils = (interim.until - now for each in subscriptions if (interim := each.interim))
    return EFFECTIVE + max([0, *untils])


def _standing(subscription: Subscription) -> dict[str, Any]:
    """Audit fields of a suspension: its time and reason."""
    suspension = subscription.suspension
    if suspension is None:
        return {}
    return {"suspended_at": suspension.since, "reason": suspension.reason}


def _audited(subscription: Subscription) -> dict[str, Any]:
    """Audit fields of a plan."""
    return {"plan": subscription.plan, "limits": dict(subscription.limits)}
