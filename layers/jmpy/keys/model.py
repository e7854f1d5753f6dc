"""The record of an API key. It never contains the key itself, only its digest.

Plain dataclasses, because the authorizer loads this module on every cold start and must not pay
for a validation library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from jmpy.limits.model import Budget

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.access.permission import Permission
    from jmpy.accounts.model import Subscription
    from jmpy.limits.plan import LimitClass


class Environment(StrEnum):
    """Where a key is used: a label for its owner, without any effect on access."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class KeyStatus(StrEnum):
    """Expiry is not a status: it follows from `expires_at` and the current time."""

    ACTIVE = "active"
    REVOKED = "revoked"


class InactiveReason(StrEnum):
    """Why an existing key is not accepted."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    """The account is suspended."""
    PAUSED = "paused"
    NOT_YET_VALID = "not_yet_valid"


class KeyState(StrEnum):
    """The state of a key, as its owner sees it."""

    ACTIVE = "active"
    ROTATING = "rotating"
    """Replaced by another key, and valid until its grace period ends."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    """Suspended with its account, until the account's suspension is lifted."""
    PAUSED = "paused"
    """Denied until its owner resumes it."""
    NOT_YET_VALID = "not_yet_valid"
    """Denied until its `not_before`."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key of one account. All times are whole seconds since the Unix epoch, UTC."""

    digest: str
    id: str
    line: str
    """Id of the first key of its rotation line: its own, unless it replaced another one. What a key
    has used of its limits is counted along the line, so that a rotation refills nothing."""
    account_id: str
    name: str
    permissions: frozenset[Permission]
    subscription: Subscription
    """A copy of the account's subscription."""
    display_prefix: str
    last_four: str
    created_at: int
    environment: Environment | None = None
    description: str | None = None
    """May have several lines."""
    labels: tuple[str, ...] = ()
    header_only: bool = False
    """Whether the key is denied in a query string, since URLs end up in logs."""
    allowed_ips: tuple[str, ...] = ()
    """The addresses and networks that it is accepted from, as `allowed_ips.checked` returns them;
    empty for any."""
    limits: Mapping[LimitClass, int] = field(default_factory=dict)
    """Daily limits of this key, in addition to those of its account."""
    not_before: int | None = None
    """When it starts to be accepted; None for at once."""
    expires_at: int | None = None
    paused_at: int | None = None
    """Since when it is paused; None if it is not."""
    revoked_at: int | None = None
    replaced_by: str | None = None
    """Id of the key that replaced this one in a rotation."""
    created_by: Mapping[str, str] | None = None
    """The actor of the creation, as the audit log has it: `type`, `id` and, if there was one,
    `name`. A mapping, because the authorizer, which has no use for it, reads it as well."""
    status: KeyStatus = KeyStatus.ACTIVE
    version: int = 1
    """Incremented by each change that has an entry in the audit log; changes of the account's
    subscription do not count."""

    @property
    def budget(self) -> Budget | None:
        """None without limits of its own."""
        return Budget(self.line, self.limits) if self.limits else None

    def inactive_reason(self, now: float) -> InactiveReason | None:
        """Why the key is not accepted at `now`; None if it is."""
        if self.status is not KeyStatus.ACTIVE:
            return InactiveReason.REVOKED
        if self.expires_at is not None and self.expires_at <= now:
            return InactiveReason.EXPIRED
        if self.subscription.suspension is not None:
            return InactiveReason.SUSPENDED
        if self.paused_at is not None:
            return InactiveReason.PAUSED
        if self.not_before is not None and self.not_before > now:
            return InactiveReason.NOT_YET_VALID
        return None

    def has_ended(self, now: float) -> bool:
        """Whether it is revoked or expired. Any other key counts as one of the account's working
        keys, since it can be accepted again."""
        return self.inactive_reason(now) in _ENDED

    def state(self, now: float) -> KeyState:
        if reason := self.inactive_reason(now):
            return KeyState(reason)
        return KeyState.ACTIVE if self.replaced_by is None else KeyState.ROTATING


_ENDED = (InactiveReason.REVOKED, InactiveReason.EXPIRED)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key together with its text: the only object that ever contains both."""

    record: ApiKey
    secret: str = field(repr=False)
    old_key_expires_at: int | None = None
    """When the replaced key stops working; None if this key replaces none."""
