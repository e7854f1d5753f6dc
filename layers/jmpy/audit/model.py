"""The record of a change, with its actor and source.

It never contains a key or a secret, nor a digest of one: the account's owner reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import uuid4


class Action(StrEnum):
    """What was done; the part before the dot is the type of the target."""

    ACCOUNT_CREATED = "account.created"
    PLAN_CHANGED = "account.plan_changed"
    PLAN_RENEWED = "account.plan_renewed"
    """Put on the plan that it was on, by `make plans` or after an interruption."""
    ACCOUNT_SUSPENDED = "account.suspended"
    ACCOUNT_UNSUSPENDED = "account.unsuspended"
    ACCOUNT_RESTORED = "account.restored"
    """From a backup; written before anything else is."""
    KEY_CREATED = "api_key.created"
    KEY_CHANGED = "api_key.changed"
    KEY_ROTATED = "api_key.rotated"
    """Of the old key; the new one was created by the same transaction."""
    KEY_PAUSED = "api_key.paused"
    KEY_RESUMED = "api_key.resumed"
    KEY_REVOKED = "api_key.revoked"
    TOKENS_REVOKED = "api_key.tokens_revoked"
    """Short-lived tokens of the key, by its owner; the key itself works on."""
    KEY_POLICY_CHANGED = "key_policy.changed"
    """Of the account: how long its keys may live."""
    SESSION_CREATED = "session.created"
    """Somebody signed in to the dashboard."""
    SESSION_DENIED = "session.denied"
    """Somebody who may sign in, but not to an account that is suspended."""
    SESSION_ENDED = "session.ended"
    """Somebody signed out, here or from another browser. One that ends by itself leaves none."""
    SESSIONS_ENDED = "session.all_ended"
    """Of the session in which all sessions of its user were ended."""
    ALERT_RULES_CHANGED = "alert_rules.changed"
    WEBHOOK_CREATED = "webhook.created"
    WEBHOOK_CHANGED = "webhook.changed"
    """Its URL, of which only the host is recorded: if that is the same, there is no field."""
    WEBHOOK_SECRET_ROLLED = "webhook.secret_rolled"  # noqa: S105 - no password
    WEBHOOK_REMOVED = "webhook.removed"
    WEBHOOK_DISABLED = "webhook.disabled"
    """Because nothing could be delivered to it for days."""
    WEBHOOK_ENABLED = "webhook.enabled"
    LINK_CHANGED = "link.changed"
    LINK_DELETED = "link.deleted"
    ALIAS_RELEASED = "link.alias_released"
    """The code of a link that was deleted or moved, which is held for its account otherwise."""
    QR_CODE_CHANGED = "qr_code.changed"
    QR_CODE_DELETED = "qr_code.deleted"
    CAMPAIGN_CREATED = "campaign.created"
    CAMPAIGN_CHANGED = "campaign.changed"
    CAMPAIGN_DELETED = "campaign.deleted"
    """Perhaps with short URLs in it, which remain."""
    DOMAIN_CREATED = "domain.created"
    DOMAIN_CHANGED = "domain.changed"
    DOMAIN_DELETED = "domain.deleted"
    """Perhaps with short URLs on it, which are removed after it."""
    DOMAIN_VERIFIED = "domain.verified"
    """Its ownership was proven."""
    DOMAIN_LOST = "domain.lost"
    """Another account has proven the ownership of its host."""
    DOMAIN_FAILING = "domain.failing"
    """Its DNS records are missing; again on some of the days for which they stay so."""
    DOMAIN_RECOVERED = "domain.recovered"
    """They are there again."""
    DOMAIN_SUSPENDED = "domain.suspended"
    """By the operator, with all short URLs on it; its owner cannot undo it."""
    DOMAIN_RESTORED = "domain.restored"
    LINK_TAKEN_DOWN = "link.taken_down"
    """By the operator or a check; its owner cannot undo it."""
    LINK_RESTORED = "link.restored"
    """What was held against it is lifted, or a part of it."""

    @property
    def target_type(self) -> str:
        return self.partition(".")[0]


class ActorType(StrEnum):
    USER = "user"
    """Somebody who signed in; the id is the account's."""
    API_KEY = "api_key"
    """The holder of the key with that id."""
    OPERATOR = "operator"
    """The operator who runs the `make` commands: an IAM identity, or a user of the machine."""
    SAFETY_CHECK = "safety_check"
    """A provider of lists of unsafe destinations, by its id."""
    SECRET_SCANNER = "secret_scanner"  # noqa: S105 - no password
    """The id is that of the public key which its report was signed with."""
    SERVICE = "service"
    """Jmpy itself, by a rule of its own; the id is what the rule is about."""


@dataclass(frozen=True, slots=True)
class Actor:
    type: ActorType
    id: str
    name: str | None = None
    """An email address, or what else people call the actor by."""


class Channel(StrEnum):
    API = "api"
    DASHBOARD = "dashboard"
    MAKE = "make"
    CHECK = "check"
    """Of destinations, of itself."""
    SERVICE = "service"
    """By a rule of the service."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change was requested from. Without a request, the last three are None."""

    channel: Channel
    ip_address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    """As in the response's `X-Request-Id`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Actor and source of a change: known where the request arrives, and passed on."""

    actor: Actor
    source: Source


class Change(NamedTuple):
    """Of a field, in JSON values; None where there is none. Times are seconds since the epoch."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    account_id: str
    at_milliseconds: int
    """Since the Unix epoch, UTC."""
    action: Action
    origin: Origin
    target_id: str
    target_name: str | None = None
    """As it was called before the change."""
    changes: Mapping[str, Change] = field(default_factory=dict)
    """By the name of the field; only fields that changed."""
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def at(self) -> int:
        """Seconds since the Unix epoch, UTC."""
        return self.at_milliseconds // 1000

    @property
    def takes_away(self) -> bool:
        """Whether the change only takes rights away, so that it must not wait until the log can be
        written."""
        if self.action is Action.PLAN_CHANGED:
            # Limits of an account replace its plan's: whether they are lower depends on the plans.
            return False
        narrows = bool(self.changes) and all(map(_narrows, self.changes, self.changes.values()))
        return self.action in _TAKE_AWAY or narrows


def entry_at(
    now: float,
    account_id: str,
    action: Action,
    by: Origin,
    *,
    target_id: str | None = None,
    target_name: str | None = None,
    changes: Mapping[str, Change] | None = None,
) -> Entry:
    """Of a change at `now`, in seconds since the Unix epoch, UTC. What an account has one of, such
    as its plan or its webhook, is found under the account's id: then there is no `target_id`."""
    return Entry(
        account_id=account_id,
        at_milliseconds=int(now * 1000),
        action=action,
        origin=by,
        target_id=target_id or account_id,
        target_name=target_name,
        changes=changes or {},
    )


_TAKE_AWAY = frozenset({
    Action.ACCOUNT_SUSPENDED,
    Action.KEY_PAUSED,
    Action.KEY_REVOKED,
    Action.TOKENS_REVOKED,
    Action.SESSION_ENDED,
    Action.SESSIONS_ENDED,
    Action.WEBHOOK_REMOVED,
    Action.LINK_DELETED,
    Action.QR_CODE_DELETED,
    Action.DOMAIN_DELETED,
    Action.DOMAIN_SUSPENDED,
    Action.LINK_TAKEN_DOWN,
})  # fmt: skip


def _narrows(name: str, change: Change) -> bool:
    rule = _NARROWINGS.get(name)
    return rule is not None and rule(change)


def _is_subset(change: Change) -> bool:
    return change.before is not None and set(change.after) < set(change.before)


def _is_narrower(change: Change) -> bool:
    """Of a list that restricts something, and None where it restricts nothing."""
    if change.after is None:
        return False
    return change.before is None or set(change.after) < set(change.before)


def _lowers(before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """Of daily limits, where a class that is missing has none."""
    return all(name in after and after[name] <= limit for name, limit in before.items())


def _is_earlier(change: Change) -> bool:
    """Of a time at which something ends, and None where it does not."""
    if change.after is None:
        return False
    return change.before is None or change.after < change.before


_NARROWINGS: Mapping[str, Callable[[Change], bool]] = {
    "permissions": _is_subset,
    "allowed_ips": _is_narrower,
    "limits": lambda change: _lowers(change.before or {}, change.after or {}),
    "header_only": lambda change: change == (False, True),
    "expires_at": _is_earlier,
    "status": lambda change: change == ("active", "disabled"),
}
"""By field: whether a change of it only takes rights away."""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    """What an entry says of fields; one that is missing on a side is None there."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: Change(before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair.before != pair.after}
