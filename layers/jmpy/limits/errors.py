"""What can be wrong with a request beyond its limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jmpy.limits.model import Budget


class RateLimitExceeded(Exception):
    """The daily limit has no room for the request; nothing of it was counted or done."""

    def __init__(self, budget: Budget, cost: int, now: float) -> None:
        reset_at = datetime.fromtimestamp(budget.resets_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        left = "is used up"
        if budget.remaining:
            left = f"has {budget.remaining} left, and this request needs {cost}"
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
