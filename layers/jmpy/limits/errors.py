"""What can be wrong with a request beyond its limits."""

from __future__ import annotations

from math import ceil
from typing import Any

from jmpy.errors import Throttled
from jmpy.formats.times import iso
from jmpy.limits.model import Budget
from jmpy.limits.plan import LimitClass


class TooManyChanges(Throttled):
    """The account's keys and settings were changed as often as they may be in a day."""

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
    """Somebody signed in to the account as often as is possible in a day."""

    def __init__(self, limit: int, resets_at: int, now: float) -> None:
        super().__init__(
            f"The daily limit of {limit:,} sign-ins per account is exceeded; it resets at "
            f"{iso(resets_at)}"
        )
        self.retry_after = max(1, ceil(resets_at - now))


class RateLimitExceeded(Throttled):
    """The daily limit has no room for the request; nothing of it was counted or done."""

    example = (
        Budget(LimitClass.URL_CREATION, limit=50, used=50, resets_at=1_893_456_000),
        1,
        1_893_452_400,
    )

    def __init__(self, budget: Budget, cost: int, now: float) -> None:
        reset_at = iso(budget.resets_at)
        left = "is used up"
        if budget.remaining:
            left = f"has {budget.remaining} left, but this request needs {cost}"
        super().__init__(
            f"The daily limit of {budget.limit} for {budget.limit_class} {left}; "
            f"it resets at {reset_at}"
        )
        self.budget = budget
        self.retry_after = budget.seconds_left(now)
        self.details: dict[str, Any] = {
            "limit": budget.limit,
            "remaining": budget.remaining,
            "reset_at": reset_at,
        }
