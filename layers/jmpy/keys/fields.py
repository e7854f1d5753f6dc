"""The rules for the fields of a key that its owner chooses."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.formats.one_line import is_one_line
from jmpy.keys import allowed_ips
from jmpy.keys.errors import InvalidKeyRequest
from jmpy.keys.model import Environment
from jmpy.lengths import too_long
from jmpy.limits.plan import MAX_LIMIT, LimitClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 500
LABEL_LENGTH = 64
MAX_LABELS = 10


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


def checked_description(description: str | None) -> str | None:
    """Without spaces around it; None if nothing is left. It may have several lines."""
    text = (description or "").replace("\r\n", "\n").strip()
    if len(text) > DESCRIPTION_LENGTH:
        raise InvalidKeyRequest(
            "description", too_long("The description", len(text), DESCRIPTION_LENGTH)
        )
    if not all(map(is_one_line, text.split("\n"))):
        raise InvalidKeyRequest(
            "description", "A description has no control characters but line breaks"
        )
    return text or None


def checked_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Each once, in their order, without spaces around them."""
    found = tuple(dict.fromkeys(unicodedata.normalize("NFC", label).strip() for label in labels))
    if len(found) > MAX_LABELS:
        raise InvalidKeyRequest("labels", f"A key has at most {MAX_LABELS} labels")
    for label in found:
        if not 1 <= len(label) <= LABEL_LENGTH or "," in label or not is_one_line(label):
            raise InvalidKeyRequest(
                "labels",
                f"A label is one line of 1 to {LABEL_LENGTH} characters without a comma",
            )
    return found


def _as_it_is(value: Any) -> Any:
    """Of times, which are checked with the rest of the key."""
    return value


_CHECKS = {
    "name": checked_name,
    "permissions": checked_permissions,
    "environment": checked_environment,
    "description": checked_description,
    "labels": checked_labels,
    "header_only": bool,
    "allowed_ips": allowed_ips.checked,
    "limits": checked_limits,
    "not_before": _as_it_is,
    "expires_at": _as_it_is,
}


def checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes, each checked by the rule of its field."""
    return {name: _CHECKS[name](value) for name, value in changes.items()}  # type: ignore[operator]
