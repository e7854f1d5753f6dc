"""The header fields about a daily limit: the public API's own, and those of the IETF draft
"RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.clock import DAY

if TYPE_CHECKING:
    from jmpy.limits.model import Quota


def fields(quota: Quota, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(quota.limit),
        "X-RateLimit-Remaining": str(quota.remaining),
        "X-RateLimit-Reset": str(quota.resets_at),
        "RateLimit-Policy": f'"daily";q={quota.limit};w={DAY}',
        "RateLimit": f'"daily";r={quota.remaining};t={quota.seconds_left(now)}',
    }
