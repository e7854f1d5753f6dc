"""Which notice a key is due for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.keys.model import KeyState

if TYPE_CHECKING:
    from jmpy.keys.model import ApiKey

WEEK = 7 * DAY


class KeyNoticeKind(StrEnum):
    EXPIRY_IN_A_WEEK = "expiry-in-a-week"
    EXPIRY_IN_A_DAY = "expiry-in-a-day"
    GRACE_PERIOD_ENDS = "grace-period-ends"


def due(key: ApiKey, now: float) -> KeyNoticeKind | None:
    """The one notice that fits the time left to the key. After a missed run, or with a grace period
    shorter than a day, it is late rather than never sent."""
    state = key.state(now)
    if key.expires_at is None or state not in (KeyState.ACTIVE, KeyState.ROTATING):
        return None
    left = key.expires_at - now
    if state is KeyState.ROTATING:
        return KeyNoticeKind.GRACE_PERIOD_ENDS if left <= DAY else None
    if left <= DAY:
        return KeyNoticeKind.EXPIRY_IN_A_DAY
    return KeyNoticeKind.EXPIRY_IN_A_WEEK if left <= WEEK else None
