"""Changes that the audit log has recorded since a backup was created.

A backup contains keys and accounts as they were. What is known to have been revoked, narrowed,
paused, rotated, suspended or put on another plan since then stays so when they are restored.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jmpy.access.permission import Permission
from jmpy.accounts.model import Subscription, Suspension
from jmpy.audit.item import from_item
from jmpy.audit.model import Action
from jmpy.keys.model import ApiKey, Environment, KeyStatus
from jmpy.limits.plan import LimitClass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.audit.model import Entry

_RELEVANT = frozenset({
    Action.PLAN_CHANGED, Action.ACCOUNT_SUSPENDED, Action.ACCOUNT_UNSUSPENDED,
    Action.KEY_CHANGED, Action.KEY_ROTATED, Action.KEY_REVOKED,
    Action.KEY_PAUSED, Action.KEY_RESUMED,
    Action.WEBHOOK_CREATED, Action.WEBHOOK_CHANGED, Action.WEBHOOK_SECRET_ROLLED,
    Action.WEBHOOK_REMOVED, Action.LINK_TAKEN_DOWN, Action.LINK_RESTORED,
})  # fmt: skip


class History:
    def __init__(self, since: int) -> None:
        """`since`: when the backup was created, in seconds since the Unix epoch."""
        self._since = since
        self._entries: dict[str, dict[str, Entry]] = defaultdict(dict)
        """By the id of the target, then of the entry: the log may be read more than once."""
        self.webhooks: set[str] = set()
        """Accounts whose webhook was set, changed or removed."""

    def add(self, items: Iterable[dict[str, Any]]) -> None:
        """Items of the audit log. A revocation counts whenever it happened: it is irreversible."""
        for item in items:
            if item["action"]["S"] not in _RELEVANT:
                continue
            entry = from_item(item)
            if entry.at < self._since and entry.action is not Action.KEY_REVOKED:
                continue
            if entry.action.target_type == "webhook":
                self.webhooks.add(entry.account_id)
            else:
                self._entries[entry.target_id][entry.id] = entry

    @property
    def taken_down(self) -> dict[str, tuple[int, str]]:
        """When and why links were taken down that still are, by their id."""
        latest = {link_id: self._of(link_id)[-1] for link_id in self._entries}
        return {
            link_id: (entry.at, entry.changes["takedown"].after)
            for link_id, entry in latest.items()
            if entry.action.target_type == "link"
            and "takedown" in entry.changes
            and entry.changes["takedown"].after
        }

    def key(self, key: ApiKey) -> ApiKey:
        """The key as it became."""
        for entry in self._of(key.id):
            key = _changed(key, entry)
        return key

    def subscription(self, account_id: str, subscription: Subscription) -> Subscription:
        """The account's as it became; with a higher version, if it did."""
        for entry in self._of(account_id):
            after = {name: change.after for name, change in entry.changes.items()}
            subscription = replace(
                subscription,
                version=subscription.version + 1,
                **_subscriptions(after),
                **_standing(subscription.suspension, entry, after),
            )
        return subscription

    def _of(self, target_id: str) -> list[Entry]:
        found = self._entries.get(target_id, {}).values()
        return sorted(found, key=lambda entry: (entry.at_milliseconds, entry.id))


def _changed(key: ApiKey, entry: Entry) -> ApiKey:
    after = {name: change.after for name, change in entry.changes.items()}
    match entry.action:
        case Action.KEY_REVOKED:
            return replace(key, status=KeyStatus.REVOKED, revoked_at=key.revoked_at or entry.at)
        case Action.KEY_ROTATED:
            ends = after.get("expires_at", key.expires_at)
            return replace(key, replaced_by=after["replaced_by"], expires_at=ends)
        case Action.KEY_CHANGED | Action.KEY_PAUSED | Action.KEY_RESUMED:
            return replace(key, **_settings(after))
    return key


def _settings(after: dict[str, Any]) -> dict[str, Any]:
    settings = dict(after)
    if "permissions" in settings:
        settings["permissions"] = frozenset(map(Permission, settings["permissions"]))
    if settings.get("environment") is not None:
        settings["environment"] = Environment(settings["environment"])
    if "labels" in settings:
        settings["labels"] = tuple(settings["labels"] or ())
    if "allowed_ips" in settings:
        settings["allowed_ips"] = tuple(settings["allowed_ips"] or ())
    if "limits" in settings:
        settings["limits"] = _limits(settings["limits"])
    return settings


def _subscriptions(after: dict[str, Any]) -> dict[str, Any]:
    subscriptions: dict[str, Any] = {}
    if "plan" in after:
        subscriptions["plan"] = after["plan"]
    if "limits" in after:
        subscriptions["limits"] = _limits(after["limits"])
    return subscriptions


def _limits(recorded: dict[str, Any] | None) -> dict[LimitClass, int]:
    return {LimitClass(name): int(limit) for name, limit in (recorded or {}).items()}


def _standing(known: Suspension | None, entry: Entry, after: dict[str, Any]) -> dict[str, Any]:
    match entry.action:
        case Action.ACCOUNT_SUSPENDED:
            since = after.get("suspended_at") or (known.since if known else entry.at)
            reason = after.get("reason", known.reason if known else None)
            return {"suspension": Suspension(int(since), reason)}
        case Action.ACCOUNT_UNSUSPENDED:
            return {"suspension": None}
    return {}
