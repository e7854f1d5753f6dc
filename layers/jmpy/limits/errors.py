"""Requests that exceed a limit of their account."""

from __future__ import annotations

from math import ceil
from typing import Any

from jmpy.errors import Throttled
from jmpy.formats.times import iso
from jmpy.limits.model import Quota
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

    def __init__(self, quota: Quota, cost: int, now: float) -> None:
        reset_at = iso(quota.resets_at)
        left = "is used up"
        if quota.remaining:
            left = f"has {quota.remaining} left, but this request needs {cost}"
        super().__init__(
            f"The daily limit of {quota.limit} for {quota.limit_class} {left}; "
            f"it resets at {reset_at}"
        )
        self.quota = quota
        self.retry_after = quota.seconds_left(now)
        self.details: dict[str, Any] = {
            "limit": quota.limit,
            "remaining": quota.remaining,
            "reset_at": reset_at,
        }
