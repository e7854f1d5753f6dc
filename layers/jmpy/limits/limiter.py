"""Counts requests against an account's daily limits, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.model import Budget, Counter, Customer, day_of, next_midnight
from jmpy.limits.plan import LimitClass
from jmpy.limits.store import KEPT_DAYS, QuotaExceeded

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.limits.plan import Plans
    from jmpy.limits.store import UsageStore

CACHED = 60
"""Seconds in which a full counter is not asked again; one that is restored from a backup, or
lowered by hand, takes effect after them."""


class Limiter:
    def __init__(self, store: UsageStore, plans: Plans, now: Clock = system_clock) -> None:
        self._store = store
        self._plans = plans
        self._now = now
        # What full counters stood at. Requests do not lower a counter within its day, so that this
        # may deny without a read, and must never be used to admit.
        self._full: Cache[Counter, int] = Cache(CACHED, now=now)

    def spend(self, customer: Customer, limit_class: LimitClass, cost: int = 1) -> Budget:
        """Counts a request; at most one write, and none when a refusal is certain.

        Raises RateLimitExceeded, UnknownPlan.
        """
        now = self._now()
        counter = Counter(customer.account_id, limit_class, day_of(now))
        limit = self._limit(customer, limit_class)
        room = limit - cost
        known = self._full.peek(counter)
        try:
            if known is not None and known > room:
                raise QuotaExceeded(known)
            if room < 0:
                raise QuotaExceeded(self._store.used(counter))
            expires = next_midnight(now) + KEPT_DAYS * DAY
            used = self._store.add(counter, cost, room, expires)
        except QuotaExceeded as refusal:
            # Not when it is what was known: the entry would grow old and never leave.
            if known is None or refusal.used > known:
                self._full.put(counter, refusal.used, read_at=now)
            budget = Budget(limit_class, limit, refusal.used, next_midnight(now))
            raise RateLimitExceeded(budget, cost, now) from None
        return Budget(limit_class, limit, used, next_midnight(now))

    def peek(self, customer: Customer, limit_class: LimitClass) -> Budget:
        """Where the customer stands, without counting; one read. Raises UnknownPlan."""
        now = self._now()
        limit = self._limit(customer, limit_class)
        used = self._store.used(Counter(customer.account_id, limit_class, day_of(now)))
        return Budget(limit_class, limit, used, next_midnight(now))

    def today(self, customer: Customer) -> list[Budget]:
        """Where the customer stands with every limit; one read each. Raises UnknownPlan."""
        return [self.peek(customer, limit_class) for limit_class in LimitClass]

    def _limit(self, customer: Customer, limit_class: LimitClass) -> int:
        plan = self._plans.get(customer.plan)
        return customer.limits.get(limit_class, plan.daily_limits[limit_class])
