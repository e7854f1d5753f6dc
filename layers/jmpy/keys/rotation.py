"""The rotation of a key: what replaces it, and until when it still works."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jmpy.clock import DAY
from jmpy.keys import lifetime
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.issuing import KeySettings, issue

if TYPE_CHECKING:
    from jmpy.accounts.model import Account
    from jmpy.audit.model import Actor
    from jmpy.keys.model import ApiKey, IssuedKey

MAX_GRACE_PERIOD = 7 * DAY
"""Seconds for which a rotated key may continue to work, at most."""

DEFAULT_GRACE_PERIOD = DAY
"""Seconds, unless the request names another number: dashboard, API and `make rotate`."""


def check_grace_period(seconds: int) -> None:
    """Raises InvalidKeyRequest."""
    if not 0 <= seconds <= MAX_GRACE_PERIOD:
        days = MAX_GRACE_PERIOD // DAY
        raise InvalidKeyRequest(
            "grace_period", f"The grace period has to be between 0 seconds and {days} days"
        )


def grace_end(old: ApiKey, grace_period: int, now: float) -> int:
    """When a key that is replaced at `now` stops working: never after its own expiry."""
    end = int(now) + grace_period
    return end if old.expires_at is None else min(end, old.expires_at)


def successor(
    old: ApiKey, ends: int, account: Account, now: float, secret: str, *, by: Actor
) -> IssuedKey:
    """A key with the settings of the old one, which stops working at `ends`, and with its lifetime
    as far as the account's policy permits that. It starts no earlier than the old one."""
    settings = KeySettings(
        name=old.name,
        permissions=old.permissions,
        environment=old.environment,
        description=old.description,
        labels=old.labels,
        header_only=old.header_only,
        allowed_ips=old.allowed_ips,
        limits=old.limits,
    )
    expires_at = None if old.expires_at is None else int(now) + old.expires_at - old.created_at
    expires_at = lifetime.limited(expires_at, account.max_key_days, now)
    is_early = old.not_before is not None and old.not_before > now
    not_before = old.not_before if is_early else None
    issued = issue(
        account,
        settings,
        now,
        expires_at,
        secret,
        by=by,
        not_before=not_before,
        line=old.line,
    )
    return replace(issued, old_key_expires_at=ends)
