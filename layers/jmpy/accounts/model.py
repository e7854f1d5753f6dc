"""The record of an account.

Plain dataclasses, because the authorizer loads this module on every cold start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.limits.plan import LimitClass

DEFAULT_PLAN = "free"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Nobody gets in for the account, with whatever key or session, until an operator lifts it."""

    since: int
    """Seconds since the Unix epoch, UTC."""
    reason: str | None = None
    """For operators, and for whoever reads the account's audit log."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an account was sold, and whether it may use it. Each of its keys carries a copy, so that
    one read tells the authorizer all that it has to say."""

    plan: str
    usage_identifier: str
    """Value of the API Gateway key that the account's requests are throttled by. Not a secret:
    clients never send it, and it admits nobody (docs/adr/0005)."""
    version: int = 1
    """One higher with every change, so that a key never goes back to an earlier one."""
    limits: Mapping[LimitClass, int] = field(default_factory=dict)
    """Daily limits that replace the plan's own."""
    suspension: Suspension | None = None


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    subscription: Subscription
    created_at: int
    """Seconds since the Unix epoch, UTC."""
    keys_added: int = 0
    """How many keys were ever added. A key is added only if none was since the account was read."""
    keys_ended: int = 0
    """Of these, how many were found revoked or expired when they were last looked at: at least so
    many are, for good."""
    email: str | None = None
    """Of whoever signs in to it; None for accounts that operators made."""

    @property
    def is_suspended(self) -> bool:
        return self.subscription.suspension is not None
