"""Alerts about API keys, and what their owner says about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from jmpy.dashboard.frame import View
from jmpy.dashboard.views.audit_log import Conflict
from jmpy.webhooks.model import Health


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualActivity:
    """An alert."""

    id: str
    at: int
    title: str
    details: str
    key_id: str
    key_name: str
    key_note: str = ""
    """Distinguishes it from others of the same name."""
    key_works: bool
    """Whether there is anything left to revoke."""
    where_from: str
    is_open: bool = True
    """Whether it has not been dismissed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage(View):
    template: ClassVar[str] = "alerts.html"
    alerts: tuple[UnusualActivity, ...]
    """The newest first; without the dismissed ones, unless `shows_all`."""
    shows_all: bool = False
    is_webhook_disabled: bool = False
    cursor: str = ""
    """Of this page."""
    next_cursor: str | None = None

    @property
    def is_first(self) -> bool:
        return not self.cursor

    @property
    def here(self) -> str:
        """To come back to, below the base path; empty for the open alerts from the newest on."""
        parts = {"show": "all" if self.shows_all else "", "cursor": self.cursor}
        query = urlencode({name: part for name, part in parts.items() if part})
        return f"/dashboard/alerts?{query}" if query else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdField:
    name: str
    words: str
    value: str
    """As it was typed."""
    default: str
    least: str
    most: str

    @property
    def hint(self) -> str:
        return f"From {self.least} to {self.most}. Leave it empty for the default, {self.default}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForm:
    rule: str
    name: str
    sentence: str
    is_on: bool
    thresholds: tuple[ThresholdField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettingsPage(View):
    template: ClassVar[str] = "alert_settings.html"
    rules: tuple[RuleForm, ...]
    learning: tuple[ThresholdField, ...]
    """Those that several rules share."""
    webhook: Health | None = None
    """How deliveries went; None where there is no webhook."""
    url: str = ""
    """In the form, as it was typed."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By the name of the field."""
    email_enabled: bool = True
    email_available: bool = True
    """Whether the operator has set up a sender."""
    is_tuned: bool = False
    """Whether any rule is not as by default."""
    rules_version: str = ""
    """This one and the next come back with the forms, so that a change in between is not
    overwritten."""
    webhook_version: str = ""
    """Empty while there is none."""
    conflict: Conflict | None = None
    conflict_of: str = ""
    """As in `webhook`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecret(View):
    """The only page that ever holds the secret of a webhook."""

    template: ClassVar[str] = "webhook_secret.html"
    url: str
    secret: str = field(repr=False)
    is_new: bool
    """Whether the webhook is, and not only its secret."""
