"""The record of an account.

Plain dataclasses, because the authorizer loads this module on every cold start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jmpy.limits.model import Subscriber

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.limits.plan import LimitClass

DEFAULT_PLAN = "free"


@dataclass(frozen=True, slots=True)
class Suspension:
    """No key and no session of the account is accepted until an operator lifts the suspension."""

    since: int
    """Seconds since the Unix epoch, UTC."""
    reason: str | None = None
    """For operators, and for readers of the account's audit log."""


@dataclass(frozen=True, slots=True)
class InterimKey:
    """The usage plan key to use until API Gateway has applied a new one (docs/adr/0048)."""

    identifier: str
    until: int
    """Seconds since the Unix epoch, UTC."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """An account's plan, and whether the account may use it. Each of its keys has a copy, so that
    one read gives the authorizer everything that it needs."""

    plan: str
    usage_identifier: str
    """Value of the usage plan key by which API Gateway throttles the account's requests. Not a
    secret: clients never send it, and it gives no access (docs/adr/0005)."""
    version: int = 1
    """Incremented by every change, so that a key never returns to an earlier subscription."""
    limits: Mapping[LimitClass, int] = field(default_factory=dict)
    """Daily limits that replace those of the plan."""
    suspension: Suspension | None = None
    interim: InterimKey | None = None

    def identifier_at(self, now: float) -> str:
        """The value of the usage plan key by which requests are throttled at that time, in seconds
        since the Unix epoch."""
        if self.interim is not None and now < self.interim.until:
            return self.interim.identifier
        return self.usage_identifier


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    subscription: Subscription
    created_at: int
    """Seconds since the Unix epoch, UTC."""
    keys_added: int = 0
    """How many keys were ever added. Adding one requires that this is still as it was read."""
    keys_ended: int = 0
    """How many of these were found revoked or expired when they were last read: a lower bound, as
    a key that has ended never works again."""
    email: str | None = None
    """The owner's address for signing in; None for accounts that operators created."""
    max_key_days: int | None = None
    """The policy for keys: how many days ahead one may expire, at most; None for no limit."""
    hides_getting_started: bool = False
    """Whether the owner hid the checklist on the dashboard."""

    @property
    def subscriber(self) -> Subscriber:
        """Whose requests are counted against the plan's limits."""
        return Subscriber(self.id, self.subscription.plan, self.subscription.limits)

    @property
    def is_suspended(self) -> bool:
        return self.subscription.suspension is not None
