"""Counts requests against an account's daily limits, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.cache import Cache
from jmpy.clock import DAY, system_clock
from jmpy.limits.errors import RateLimitExceeded
from jmpy.limits.model import Counter, Quota, Subscriber, day_of, next_midnight
from jmpy.limits.plan import LimitClass
from jmpy.limits.store import RETENTION_DAYS, QuotaExceeded

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.limits.plan import Plans
    from jmpy.limits.store import UsageStore

CACHED = 60
"""Seconds for which an exhausted counter is cached. A counter that is restored from a backup, or
lowered by hand, takes effect after that."""


class Limiter:
    def __init__(self, store: UsageStore, plans: Plans, now: Clock = system_clock) -> None:
        self._store = store
        self._plans = plans
        self._now = now
        # Requests never lower a counter within its day, so this may throttle without a read, but
        # must never be used to admit a request.
        self._exhausted: Cache[Counter, int] = Cache(CACHED, now=now)

    def consume(self, subscriber: Subscriber, limit_class: LimitClass, cost: int = 1) -> Quota:
        """Counts a request, with at most one write, and none if it is certain to be throttled.

        Raises RateLimitExceeded, UnknownPlan.
        """
        now = self._now()
        counter = Counter(subscriber.account_id, limit_class, day_of(now))
        limit = self._limit(subscriber, limit_class)
        room = limit - cost
        known = self._exhausted.peek(counter)
        try:
            if known is not None and known > room:
                raise QuotaExceeded(known)
            if room < 0:
                raise QuotaExceeded(self._store.used(counter))
            expires = next_midnight(now) + RETENTION_DAYS * DAY
            used = self._store.add(counter, cost, room, expires)
        except QuotaExceeded as exceeded:
            # A cached count is not cached again: the entry would never expire.
            if known is None or exceeded.used > known:
                self._exhausted.put(counter, exceeded.used, read_at=now)
            quota = Quota(limit_class, limit, exceeded.used, next_midnight(now))
            raise RateLimitExceeded(quota, cost, now) from None
        return Quota(limit_class, limit, used, next_midnight(now))

    def peek(self, subscriber: Subscriber, limit_class: LimitClass) -> Quota:
        """The current quota, without counting a request; one read. Raises UnknownPlan."""
        now = self._now()
        limit = self._limit(subscriber, limit_class)
        used = self._store.used(Counter(subscriber.account_id, limit_class, day_of(now)))
        return Quota(limit_class, limit, used, next_midnight(now))

    def today(self, subscriber: Subscriber) -> list[Quota]:
        """The current quota of each class; one read each. Raises UnknownPlan."""
        return [self.peek(subscriber, limit_class) for limit_class in LimitClass]

    def _limit(self, subscriber: Subscriber, limit_class: LimitClass) -> int:
        plan = self._plans.get(subscriber.plan)
        return subscriber.limits.get(limit_class, plan.daily_limits[limit_class])
