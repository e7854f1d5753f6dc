"""What a key's owner should know about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.access.permission import Permission
from jmpy.clock import DAY
from jmpy.keys.model import KeyState

if TYPE_CHECKING:
    from jmpy.activity.model import KeyUse
    from jmpy.keys.model import ApiKey

UNUSED = 90 * DAY
OLD = 180 * DAY
EXPIRING = 7 * DAY
MINIMUM_USE = 30 * DAY
"""How long a key has to be in use before an unused permission means anything."""


class AdviceReason(StrEnum):
    UNUSED = "unused"
    """Not used for 90 days."""
    OLD = "old"
    """Created more than 180 days ago."""
    EXPIRING = "expiring"
    """Expires within 7 days, `at`."""
    BROAD = "broad"
    """Has `permissions` that it did not need in 30 days of use."""
    IN_URL = "in_url"
    """Was sent in a URL, `at`."""


@dataclass(frozen=True, slots=True)
class Advice:
    reason: AdviceReason
    at: int | None = None
    """Seconds since the Unix epoch, UTC."""
    permissions: tuple[Permission, ...] = ()


def about(key: ApiKey, use: KeyUse | None, now: float) -> list[Advice]:
    """None for a key that has ended or is being replaced: its owner has acted."""
    if key.state(now) is not KeyState.ACTIVE:
        return []
    advice = []
    last_used_at = use.last.at if use and use.last else max(key.created_at, key.not_before or 0)
    if last_used_at <= now - UNUSED:
        advice.append(Advice(AdviceReason.UNUSED))
    if key.created_at <= now - OLD:
        advice.append(Advice(AdviceReason.OLD))
    if key.expires_at is not None and key.expires_at <= now + EXPIRING:
        advice.append(Advice(AdviceReason.EXPIRING, key.expires_at))
    if use is not None:
        never = tuple(p for p in Permission if p in key.permissions - use.permissions)
        if never and use.first_used_at is not None and use.first_used_at <= now - MINIMUM_USE:
            advice.append(Advice(AdviceReason.BROAD, permissions=never))
        if use.exposed_at is not None:
            advice.append(Advice(AdviceReason.IN_URL, use.exposed_at))
    return advice
