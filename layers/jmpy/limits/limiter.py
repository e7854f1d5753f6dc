"""Counts requests against the daily limits of accounts and the daily budgets of keys, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock
from jmpy.limits.errors import BudgetExceeded, RateLimitExceeded
from jmpy.limits.model import Counter, Quota, Scope, day_of, next_midnight
from jmpy.limits.plan import LimitClass
from jmpy.limits.store import RETENTION_DAYS, QuotaExceeded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jmpy.clock import Clock
    from jmpy.limits.model import Budget, Subscriber
    from jmpy.limits.plan import Plans
    from jmpy.limits.store import UsageStore

CACHED = 60
"""Seconds for which an exhausted counter is cached. A counter that is restored from a backup, or
lowered by hand, takes effect after that."""


class _Limit(NamedTuple):
    counter: Counter
    maximum: int

    def quota(self, used: int, now: float) -> Quota:
        scope, _, limit_class, _ = self.counter
        return Quota(limit_class, self.maximum, used, next_midnight(now), scope)


class Limiter:
    def __init__(self, store: UsageStore, plans: Plans, now: Clock = system_clock) -> None:
        self._store = store
        self._plans = plans
        self._now = now
        # Requests do not lower a counter within its day, but for a key's count that is taken back
        # because its account's limit is exceeded. So this may throttle without a read, but must
        # never be used to admit a request.
        self._exhausted: Cache[Counter, int] = Cache(CACHED, now=now)

    def consume(self, subscriber: Subscriber, limit_class: LimitClass, cost: int = 1) -> Quota:
        """Counts a request, with one write for each limit that applies to it, and none if it is
        certain to be throttled. Of several quotas, returns the one with the least remaining.

        Raises RateLimitExceeded, BudgetExceeded, UnknownPlan.
        """
        now = self._now()
        limits = self._limits(subscriber, limit_class, now)
        for limit in limits:
            if (used := self._certain_excess(limit, cost, now)) is not None:
                raise _exceeded(limits, limit.quota(used, now), cost, now)
        quotas: list[Quota] = []
        for limit in limits:
            try:
                quotas.append(limit.quota(self._add(limit, cost, now), now))
            except QuotaExceeded as exceeded:
                self._exhausted.put(limit.counter, exceeded.used, read_at=now)
                # If this is not reached, or fails, a key's counter is too high, never too low.
                for counted in limits[: len(quotas)]:
                    self._store.subtract(counted.counter, cost)
                raise _exceeded(limits, limit.quota(exceeded.used, now), cost, now) from None
        return _tightest(quotas)

    def peek(self, subscriber: Subscriber, limit_class: LimitClass) -> Quota:
        """The current quota with the least remaining, without counting a request; one read for each
        limit that applies. Raises UnknownPlan."""
        now = self._now()
        return _tightest(
            [self._read(limit, now) for limit in self._limits(subscriber, limit_class, now)]
        )

    def today(self, subscriber: Subscriber) -> list[Quota]:
        """The account's current quota of each class; one read each. Raises UnknownPlan."""
        now = self._now()
        return [self._read(self._of_account(subscriber, one, now), now) for one in LimitClass]

    def budget_today(self, budget: Budget) -> list[Quota]:
        """The current quota of each class that a key has a budget for; one read each."""
        now = self._now()
        return [
            self._read(_of_key(budget, one, now), now) for one in LimitClass if one in budget.limits
        ]

    def _limits(self, subscriber: Subscriber, limit_class: LimitClass, now: float) -> list[_Limit]:
        """The limits that apply, in the order in which they are counted. The key's is the first:
        it is the one that can be taken back without disturbing other keys."""
        account = self._of_account(subscriber, limit_class, now)
        if subscriber.budget is None or not subscriber.has_budget(limit_class):
            return [account]
        return [_of_key(subscriber.budget, limit_class, now), account]

    def _of_account(self, subscriber: Subscriber, limit_class: LimitClass, now: float) -> _Limit:
        counter = Counter(Scope.ACCOUNT, subscriber.account_id, limit_class, day_of(now))
        plan = self._plans.get(subscriber.plan)
        return _Limit(counter, subscriber.limits.get(limit_class, plan.daily_limits[limit_class]))

    def _certain_excess(self, limit: _Limit, cost: int, now: float) -> int | None:
        """The count, if no write is needed to know that the cost would exceed the limit."""
        room = limit.maximum - cost
        known = self._exhausted.peek(limit.counter)
        if known is not None and known > room:
            return known  # not cached again: the entry would never expire
        if room >= 0:
            return None
        used = self._store.used(limit.counter)
        self._exhausted.put(limit.counter, used, read_at=now)
        return used

    def _add(self, limit: _Limit, cost: int, now: float) -> int:
        expires = next_midnight(now) + RETENTION_DAYS * DAY
        return self._store.add(limit.counter, cost, limit.maximum - cost, expires)

    def _read(self, limit: _Limit, now: float) -> Quota:
        return limit.quota(self._store.used(limit.counter), now)


def _of_key(budget: Budget, limit_class: LimitClass, now: float) -> _Limit:
    counter = Counter(Scope.KEY, budget.line, limit_class, day_of(now))
    return _Limit(counter, budget.limits[limit_class])


def _tightest(quotas: Sequence[Quota]) -> Quota:
    return min(quotas, key=lambda quota: quota.remaining)


def _exceeded(limits: Sequence[_Limit], quota: Quota, cost: int, now: float) -> RateLimitExceeded:
    if quota.scope is Scope.KEY:
        return BudgetExceeded(quota, cost, now)
    return RateLimitExceeded(quota, cost, now, has_budget=len(limits) > 1)
