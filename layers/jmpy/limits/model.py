"""Daily quotas of accounts and keys, and how much of them is consumed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from jmpy.clock import DAY
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Mapping


class Scope(StrEnum):
    """Whose requests a limit counts."""

    ACCOUNT = "account"
    KEY = "key"
    """Those of one key, and of the keys that replaced it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Daily limits of one key, which apply in addition to those of its account."""

    line: str
    """Id of the first key of the rotation line: a successor continues the counters."""
    limits: Mapping[LimitClass, int]
    """Of the classes that have one."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The account whose requests are counted, with its plan."""

    account_id: str
    plan: str
    limits: Mapping[LimitClass, int] = field(default_factory=dict)
    """Daily limits of this account that replace those of the plan."""
    budget: Budget | None = None
    """Of the key that sent the request."""

    def has_budget(self, limit_class: LimitClass) -> bool:
        return self.budget is not None and limit_class in self.budget.limits


class Counter(NamedTuple):
    scope: Scope
    owner: str
    """Id of the account, or the budget's line."""
    limit_class: LimitClass
    day: str
    """UTC, such as `2026-11-23`."""


@dataclass(frozen=True, slots=True)
class Quota:
    limit_class: LimitClass
    limit: int
    used: int
    resets_at: int
    """Midnight UTC, in seconds since the Unix epoch."""
    scope: Scope = Scope.ACCOUNT

    @property
    def remaining(self) -> int:
        # Never negative: the limit may have been lowered since.
        return max(0, self.limit - self.used)

    def seconds_left(self, now: float) -> int:
        """Until the reset; whole seconds, at least 1."""
        return max(1, ceil(self.resets_at - now))


def day_of(now: float) -> str:
    """The UTC day of a time in seconds since the Unix epoch."""
    return datetime.fromtimestamp(now, UTC).date().isoformat()


def next_midnight(now: float) -> int:
    return (int(now) // DAY + 1) * DAY


def days_until(now: float, count: int) -> list[str]:
    """The last `count` UTC days, today included, in order."""
    today = datetime.fromtimestamp(now, UTC).date()
    return [(today - timedelta(days=back)).isoformat() for back in reversed(range(count))]
