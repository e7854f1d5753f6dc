"""The header fields about a daily limit: the public API's own, and those of the IETF draft
"RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.limits.model import Scope

if TYPE_CHECKING:
    from jmpy.limits.model import Quota


_POLICIES = {Scope.ACCOUNT: "daily", Scope.KEY: "key-daily"}


def fields(quota: Quota, now: float) -> dict[str, str]:
    policy = _POLICIES[quota.scope]
    return {
        "X-RateLimit-Limit": str(quota.limit),
        "X-RateLimit-Remaining": str(quota.remaining),
        "X-RateLimit-Reset": str(quota.resets_at),
        "RateLimit-Policy": f'"{policy}";q={quota.limit};w={DAY}',
        "RateLimit": f'"{policy}";r={quota.remaining};t={quota.seconds_left(now)}',
    }
