"""The header fields about a daily limit: the public API's own, and those of the IETF draft
"RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.limits.model import Budget


def fields(budget: Budget, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(budget.limit),
        "X-RateLimit-Remaining": str(budget.remaining),
        "X-RateLimit-Reset": str(budget.resets_at),
        "RateLimit-Policy": f'"daily";q={budget.limit};w={DAY}',
        "RateLimit": f'"daily";r={budget.remaining};t={budget.seconds_left(now)}',
    }
