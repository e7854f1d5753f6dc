"""An account's usage: today's by class, and that of the days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jmpy.clock import system_clock
from jmpy.limits.model import Counter, Quota, Scope, Subscriber, days_until, next_midnight
from jmpy.limits.plan import LimitClass, Plan

if TYPE_CHECKING:
    from jmpy.clock import Clock
    from jmpy.limits.plan import Plans
    from jmpy.limits.store import UsageStore

REPORTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class UsageReport:
    plan: Plan
    today: list[Quota]
    """One per class."""
    days: dict[str, dict[LimitClass, int]]
    """The last thirty days in order, today included; a day without requests has zeros."""

    def quota(self, limit_class: LimitClass) -> Quota:
        """Today's quota of one class."""
        return next(quota for quota in self.today if quota.limit_class is limit_class)


class UsageReports:
    def __init__(self, store: UsageStore, plans: Plans, now: Clock = system_clock) -> None:
        self._store = store
        self._plans = plans
        self._now = now

    def create(self, subscriber: Subscriber) -> UsageReport:
        """One query per class. Raises UnknownPlan."""
        now = self._now()
        plan = self._plans.get(subscriber.plan)
        dates = days_until(now, REPORTED_DAYS)
        counts = {
            limit_class: self._store.history(
                Counter(Scope.ACCOUNT, subscriber.account_id, limit_class, dates[0]), dates[-1]
            )
            for limit_class in LimitClass
        }
        limits = {**plan.daily_limits, **subscriber.limits}
        return UsageReport(
            plan=plan,
            today=[
                Quota(name, limits[name], used.get(dates[-1], 0), next_midnight(now))
                for name, used in counts.items()
            ],
            days={
                date: {name: used.get(date, 0) for name, used in counts.items()} for date in dates
            },
        )
