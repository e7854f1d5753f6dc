"""From when to when a key is valid: what its owner may choose. Times are seconds since the Unix
epoch, UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.formats.times import LAST_YEAR, LATEST
from jmpy.keys import lifetime
from jmpy.keys.errors import InvalidKeyRequest

if TYPE_CHECKING:
    from jmpy.keys.lifetime import Unspecified
    from jmpy.keys.model import ApiKey


def check_expiry(expires_at: int | Unspecified | None, now: float) -> None:
    """Of a new key, or a new one of a key. Raises InvalidKeyRequest."""
    if isinstance(expires_at, int):
        _check_future("expires_at", "The expiry", expires_at, now)


def check_not_before(not_before: int | None, now: float) -> None:
    """Likewise."""
    if not_before is not None:
        _check_future("not_before", "The start", not_before, now)


def check_order(not_before: int | None, expires_at: int | None, field: str = "expires_at") -> None:
    """`field`: the one that is wrong if they are. Raises InvalidKeyRequest."""
    if not_before is not None and expires_at is not None and not_before >= expires_at:
        raise InvalidKeyRequest(field, "The key has to expire after it starts to be valid")


def needs_policy(before: ApiKey, after: ApiKey) -> bool:
    """Whether the policy of the account limits the change."""
    return after.expires_at != before.expires_at and before.replaced_by is None


def check_change(before: ApiKey, after: ApiKey, max_key_days: int | None, now: float) -> None:
    """`max_key_days` is the account's policy, which matters only if the change `needs_policy`.
    Times that stay as they are may be past. Raises InvalidKeyRequest."""
    if after.not_before != before.not_before:
        check_not_before(after.not_before, now)
        check_order(after.not_before, after.expires_at, "not_before")
    if after.expires_at == before.expires_at:
        return
    check_expiry(after.expires_at, now)
    check_order(after.not_before, after.expires_at)
    if needs_policy(before, after):
        lifetime.checked(after.expires_at, max_key_days, now)
    elif after.expires_at is None or after.expires_at > (before.expires_at or 0):
        raise InvalidKeyRequest(
            "expires_at", "The key was replaced: its grace period can only be shortened"
        )


def _check_future(field: str, what: str, time: int, now: float) -> None:
    if time <= now:
        raise InvalidKeyRequest(field, f"{what} must be in the future")
    if time > LATEST:
        raise InvalidKeyRequest(field, f"The year is beyond {LAST_YEAR}")
