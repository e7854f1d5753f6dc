"""The changes of an account's links, QR codes, keys, plan and alert settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jmpy.audit.model import Action
from jmpy.dashboard.views.log import LogView

TITLES = {
    Action.ACCOUNT_CREATED: "Account created",
    Action.PLAN_CHANGED: "Plan changed",
    Action.PLAN_RENEWED: "Plan renewed",
    Action.ACCOUNT_SUSPENDED: "Account suspended",
    Action.ACCOUNT_UNSUSPENDED: "Suspension lifted",
    Action.ACCOUNT_RESTORED: "Restored from a backup",
    Action.KEY_CREATED: "Key created",
    Action.KEY_CHANGED: "Key changed",
    Action.KEY_ROTATED: "Key rotated",
    Action.KEY_PAUSED: "Key paused",
    Action.KEY_RESUMED: "Key resumed",
    Action.KEY_REVOKED: "Key revoked",
    Action.TOKENS_REVOKED: "Short-lived tokens revoked",
    Action.KEY_POLICY_CHANGED: "Key policy changed",
    Action.SESSION_CREATED: "Signed in",
    Action.SESSION_DENIED: "Sign-in denied: the account is suspended",
    Action.SESSION_ENDED: "Signed out",
    Action.SESSIONS_ENDED: "Signed out everywhere",
    Action.ALERT_RULES_CHANGED: "Alert rules changed",
    Action.WEBHOOK_CREATED: "Webhook set",
    Action.WEBHOOK_CHANGED: "Webhook URL changed",
    Action.WEBHOOK_SECRET_ROLLED: "Webhook secret rolled",
    Action.WEBHOOK_REMOVED: "Webhook removed",
    Action.WEBHOOK_DISABLED: "Webhook disabled after days of failures",
    Action.WEBHOOK_ENABLED: "Webhook enabled",
    Action.LINK_CHANGED: "Link changed",
    Action.LINK_DELETED: "Link deleted",
    Action.ALIAS_RELEASED: "Alias released",
    Action.QR_CODE_CHANGED: "QR code changed",
    Action.QR_CODE_DELETED: "QR code deleted",
    Action.CAMPAIGN_CREATED: "Campaign created",
    Action.CAMPAIGN_CHANGED: "Campaign changed",
    Action.CAMPAIGN_DELETED: "Campaign deleted",
    Action.DOMAIN_CREATED: "Domain created",
    Action.DOMAIN_CHANGED: "Domain changed",
    Action.DOMAIN_DELETED: "Domain deleted",
    Action.DOMAIN_VERIFIED: "Domain verified",
    Action.DOMAIN_LOST: "Domain lost",
    Action.DOMAIN_FAILING: "Domain failing",
    Action.DOMAIN_RECOVERED: "Domain recovered",
    Action.DOMAIN_SUSPENDED: "Domain suspended",
    Action.DOMAIN_RESTORED: "Domain restored",
    Action.LINK_TAKEN_DOWN: "Link taken down",
    Action.LINK_RESTORED: "Link restored",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    before: str | None
    """None where there was nothing before."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    id: str
    at: int
    action: Action
    target_type: str
    """As in `api_key` or `link`."""
    target_id: str
    target_name: str
    """As it was called before the change."""
    target_note: str = ""
    """Distinguishes a key from others of the same name."""
    who: str
    where_from: str
    """An address, or what stands in for one."""
    through: str
    """The dashboard or the API, and with which program."""
    changes: tuple[FieldChange, ...]

    @property
    def title(self) -> str:
        return TITLES[self.action]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What became of a key or link after its form was opened, which was sent since."""

    changes: tuple[AuditEntry, ...]
    """The latest first; empty where the log does not have them yet."""
    more: int = 0
    """How many there are before these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLogPage(LogView):
    template: ClassVar[str] = "audit_log.html"
    path: ClassVar = ("dashboard", "audit-log")
    pages_label: ClassVar = "Pages of changes"
    no_matches: ClassVar = "No matching changes"
    no_matches_text: ClassVar = "No change matches these filters."
    nothing: ClassVar = "No changes yet"
    nothing_text: ClassVar = (
        "Changes to your links, API keys, plan and alert settings appear here with their actor, "
        "source and time."
    )
    titles: ClassVar = TITLES

    entries: tuple[AuditEntry, ...]
    link_id: str = ""
    actor_id: str = ""
    """Of the key that made the changes."""
    action: str = ""
    first_day: str = ""
    """As in `2026-11-03`, as the next one."""
    last_day: str = ""

    @property
    def filters(self) -> dict[str, str]:
        return {
            "key": self.key_id,
            "link": self.link_id,
            "by": self.actor_id,
            "action": self.action,
            "from": self.first_day,
            "to": self.last_day,
        }
