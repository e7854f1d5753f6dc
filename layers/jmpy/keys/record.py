"""Audit log entries for changes of keys. They contain neither a key nor its digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.audit.model import Action, Entry, differences, entry_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.audit.model import Change, Origin
    from jmpy.keys.model import ApiKey


def audited(key: ApiKey) -> dict[str, Any]:
    """The settings of a key that the audit log records."""
    return {
        "name": key.name,
        "permissions": [name for name in Permission if name in key.permissions],
        "environment": key.environment,
        "description": key.description,
        "labels": list(key.labels) or None,
        "header_only": key.header_only,
        "allowed_ips": list(key.allowed_ips) or None,
        "limits": dict(key.limits) or None,
        "not_before": key.not_before,
        "expires_at": key.expires_at,
    }


def entry(
    by: Origin, action: Action, key: ApiKey, changes: Mapping[str, Change], now: float
) -> Entry:
    """`now`: seconds since the Unix epoch, as everywhere in this module."""
    return entry_at(
        now, key.account_id, action, by, target_id=key.id, target_name=key.name, changes=changes
    )


def creation(by: Origin, key: ApiKey, now: float, replaces: str | None = None) -> Entry:
    """`replaces`: the id of the key that this one replaced in a rotation."""
    fields = {**audited(key), "replaces": replaces}
    return entry(by, Action.KEY_CREATED, key, differences({}, fields), now)


def rotation(by: Origin, old: ApiKey, new: ApiKey, ends: int, now: float) -> list[Entry]:
    """One entry for each of the two keys; the old one ends at `ends`."""
    retired = differences(
        {"replaced_by": None, "expires_at": old.expires_at},
        {"replaced_by": new.id, "expires_at": ends},
    )
    return [
        entry(by, Action.KEY_ROTATED, old, retired, now),
        creation(by, new, now, replaces=old.id),
    ]
