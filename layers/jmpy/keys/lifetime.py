"""How far ahead a key may expire, under the policy of its account (docs/adr/0052).

The policy is `max_key_days`: a number of days, or None for no limit. Times are seconds since the
Unix epoch, UTC. A lifetime is counted from the present, not from the creation of the key: to extend
a key is to decide again that it is needed.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from jmpy.clock import DAY
from jmpy.formats.times import iso
from jmpy.keys.errors import InvalidKeyRequest

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey


class Unspecified(Enum):
    """A single value, which type checkers tell from the others."""

    LONGEST = "longest"


LONGEST: Final = Unspecified.LONGEST
"""In place of an expiry: never or, under a policy, as late as that permits."""


def latest_expiry(max_key_days: int | None, now: float) -> int | None:
    """None if a key need not expire."""
    return None if max_key_days is None else int(now) + max_key_days * DAY


def checked(
    expires_at: int | Unspecified | None, max_key_days: int | None, now: float
) -> int | None:
    """The expiry of a key whose owner chose it, which is not longer than the policy permits. Raises
    InvalidKeyRequest."""
    latest = latest_expiry(max_key_days, now)
    if isinstance(expires_at, Unspecified):
        return latest
    if latest is not None and not is_permitted(expires_at, max_key_days, now):
        days = "1 day" if max_key_days == 1 else f"{max_key_days} days"
        raise InvalidKeyRequest(
            "expires_at",
            f"The account's policy limits the lifetime of keys to {days}: choose an expiry no "
            f"later than {iso(latest)}",
        )
    return expires_at


def is_permitted(expires_at: int | None, max_key_days: int | None, now: float) -> bool:
    return limited(expires_at, max_key_days, now) == expires_at


def limited(expires_at: int | None, max_key_days: int | None, now: float) -> int | None:
    """The expiry, or the latest one that the policy permits if that is earlier."""
    latest = latest_expiry(max_key_days, now)
    return expires_at if latest is None else earlier(expires_at, latest)


def earlier(expires_at: int | None, latest: int) -> int:
    return latest if expires_at is None else min(expires_at, latest)


def exceeds(key: ApiKey, max_key_days: int | None, now: float) -> bool:
    """Whether the key lives longer than the policy permits."""
    return not is_permitted(key.expires_at, max_key_days, now)
