"""The rules for the fields of a key that its owner chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.formats.one_line import is_one_line
from jmpy.formats.times import LAST_YEAR, LATEST
from jmpy.keys import allowed_ips
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.model import Environment
from jmpy.lengths import too_long
from jmpy.limits.plan import MAX_LIMIT, LimitClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jmpy.keys.lifetime import Unspecified

NAME_LENGTH = 100


def checked_name(name: str) -> str:
    name = name.strip()
    if len(name) > NAME_LENGTH:
        raise InvalidKeyRequest("name", too_long("The name", len(name), NAME_LENGTH))
    if not name or not is_one_line(name):
        raise InvalidKeyRequest(
            "name", f"A key's name is one line of 1 to {NAME_LENGTH} characters"
        )
    return name


def checked_permissions(permissions: Iterable[str]) -> frozenset[Permission]:
    names = set(permissions)
    known = ", ".join(Permission)
    if not names:
        raise InvalidKeyRequest("permissions", f"A key needs at least one permission of: {known}")
    if unknown := names - set(Permission):
        raise InvalidKeyRequest(
            "permissions", f"Unknown permission {min(unknown)!r}; permissions are: {known}"
        )
    return frozenset(Permission(name) for name in names)


def checked_environment(environment: str | None) -> Environment | None:
    if environment is None:
        return None
    try:
        return Environment(environment)
    except ValueError:
        known = ", ".join(Environment)
        raise InvalidKeyRequest(
            "environment", f"Unknown environment {environment!r}; environments are: {known}"
        ) from None


def checked_limits(limits: Mapping[str, int] | None) -> dict[LimitClass, int]:
    """Of the classes that have one; 0 denies a class to the key. One above the account's own limit
    is allowed, since the plan may change, and has no effect."""
    limits = limits or {}
    known = ", ".join(LimitClass)
    if unknown := set(limits) - set(LimitClass):
        raise InvalidKeyRequest(
            "limits", f"There is no limit {min(unknown)!r}; limits are: {known}"
        )
    if any(not 0 <= limit <= MAX_LIMIT for limit in limits.values()):
        raise InvalidKeyRequest(
            "limits", f"A daily budget is a whole number from 0 to {MAX_LIMIT:,}"
        )
    return {one: limits[one] for one in LimitClass if one in limits}


def check_expiry(expires_at: int | Unspecified | None, now: float) -> None:
    """Checks the expiry of a new key."""
    if not isinstance(expires_at, int):
        return
    if expires_at <= now:
        raise InvalidKeyRequest("expires_at", "The expiry must be in the future")
    if expires_at > LATEST:
        raise InvalidKeyRequest("expires_at", f"The year is beyond {LAST_YEAR}")


_CHECKS = {
    "name": checked_name,
    "permissions": checked_permissions,
    "environment": checked_environment,
    "header_only": bool,
    "allowed_ips": allowed_ips.checked,
    "limits": checked_limits,
}


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, each checked by the rule of its field."""
    return {name: _CHECKS[name](value) for name, value in changes.items()}  # type: ignore[operator]
