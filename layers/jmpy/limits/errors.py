"""Requests that exceed a limit of their account or key."""

from __future__ import annotations

from math import ceil
from typing import Any

from jmpy.errors import Throttled
from jmpy.formats.times import iso
from jmpy.limits.model import Quota, Scope
from jmpy.limits.plan import LimitClass


class TooManyChanges(Throttled):
    """The account's keys and settings have been changed as often as a day allows."""

    example = (1000, 1_893_456_000, 1_893_452_400)

    def __init__(self, limit: int, resets_at: int, now: float) -> None:
        reset_at = iso(resets_at)
        super().__init__(
            f"The daily limit of {limit:,} changes to keys and settings is exceeded; it resets at "
            f"{reset_at}. Keys can be revoked, and a webhook removed, at any time"
        )
        self.limit = limit
        self.resets_at = resets_at
        self.retry_after = max(1, ceil(resets_at - now))
        self.details: dict[str, Any] = {"limit": limit, "remaining": 0, "reset_at": reset_at}


class TooManySignIns(Throttled):
    """The account has had as many sign-ins as a day allows."""

    def __init__(self, limit: int, resets_at: int, now: float) -> None:
        super().__init__(
            f"The daily limit of {limit:,} sign-ins per account is exceeded; it resets at "
            f"{iso(resets_at)}"
        )
        self.retry_after = max(1, ceil(resets_at - now))


class RateLimitExceeded(Throttled):
    """The request would exceed the daily limit; none of it was counted or done."""

    example = (
        Quota(LimitClass.URL_CREATION, limit=50, used=50, resets_at=1_893_456_000),
        1,
        1_893_452_400,
    )
    _subject = "The daily limit"
    _advice = ""

    def __init__(self, quota: Quota, cost: int, now: float, *, has_budget: bool = False) -> None:
        """`has_budget`: whether the key has a budget beside this limit. Only then do the details
        say which of the two it is; without one, they are the specification's, to the byte."""
        reset_at = iso(quota.resets_at)
        state = f"is used up; it resets at {reset_at}"
        if quota.remaining:
            left = f"has {quota.remaining} left, but this request needs {cost}"
            state = f"{left}; it resets at {reset_at}"
        elif not quota.limit:
            state = "admits no request on any day"
        super().__init__(
            f"{self._subject} of {quota.limit} for {quota.limit_class} {state}{self._advice}"
        )
        self.quota = quota
        self.retry_after = quota.seconds_left(now)
        self.details: dict[str, Any] = {
            "limit": quota.limit,
            "remaining": quota.remaining,
            "reset_at": reset_at,
        }
        if has_budget:
            self.details["scope"] = quota.scope.value


class BudgetExceeded(RateLimitExceeded):
    """The request would exceed the daily budget of its key; none of it was counted or done."""

    example = (
        Quota(LimitClass.URL_CREATION, 10, 10, resets_at=1_893_456_000, scope=Scope.KEY),
        1,
        1_893_452_400,
    )
    _subject = "This API key's daily budget"
    _advice = ". Its owner can change the budget on the key's page of the dashboard"

    def __init__(self, quota: Quota, cost: int, now: float) -> None:
        super().__init__(quota, cost, now, has_budget=True)
