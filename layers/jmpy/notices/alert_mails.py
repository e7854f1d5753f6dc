"""Mails to the owner about alerts: a few an hour at most, each about all alerts that wait."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.alerts.errors import AlertNotFound
from jmpy.alerts.rule import Rule
from jmpy.alerts.settings.thresholds import DEFAULT
from jmpy.clock import DAY, MINUTE, system_clock
from jmpy.keys.errors import KeyNotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jmpy.accounts.store import AccountStore
    from jmpy.alerts.model import Alert
    from jmpy.alerts.settings.store import ThresholdStore
    from jmpy.alerts.store import AlertStore
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore
    from jmpy.notices.mail import Mailer

PAUSE = 15 * MINUTE
"""Seconds between two mails to one account, at least: four an hour at most."""

BUNDLED = 50
"""Alerts that are read for a mail: the account's latest."""

RECENT = DAY
"""Seconds after which an alert joins no other one's mail."""

LEFT_OUT = 0
"""In place of the time at which an alert was mailed."""

ALWAYS_MAILED = frozenset({Rule.LEAKED_KEY})
"""Alerts about something that was done to the account's keys, which cannot be turned off either."""

_log = logging.getLogger(__name__)


class MailedRecently(Exception):
    """The alert has to wait for the next mail to its account."""


class AlertMails:
    def __init__(
        self,
        accounts: AccountStore,
        keys: KeyStore,
        alerts: AlertStore,
        thresholds: ThresholdStore,
        mailer: Mailer,
        *,
        now: Clock = system_clock,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._alerts = alerts
        self._thresholds = thresholds
        self._mailer = mailer
        self._now = now

    def send(self, account_id: str, alert_id: str) -> bool:
        """Whether a mail was sent: about the alert, unless an earlier one included it, and about
        all others that wait. Dismissed alerts are left out. A crash between sending and marking
        sends it twice. Raises MailedRecently, `aws.faults()`."""
        try:
            alert = self._alerts.get(account_id, alert_id)
        except AlertNotFound:
            return False
        if alert.mailed_at is not None:
            return False
        latest = self._alerts.latest(account_id, BUNDLED)
        email = self._recipient(account_id)
        wanted = self._wanted(account_id, self._waiting(alert, latest))
        if email is None or not wanted:
            self._settle(self._waiting(alert, latest), LEFT_OUT)
            return False
        if alert not in wanted:
            self._settle([alert], LEFT_OUT)
            return False
        if any(self._is_recent(other.mailed_at, PAUSE) for other in latest):
            raise MailedRecently
        self._mailer.send_alerts(email, wanted, self._keys_of(wanted))
        self._settle(wanted, self._now())
        _log.info("alerts mailed", extra={"account_id": account_id, "count": len(wanted)})
        return True

    def _recipient(self, account_id: str) -> str | None:
        account = self._accounts.find(account_id)
        return None if account is None or account.is_suspended else account.email

    def _waiting(self, alert: Alert, latest: Iterable[Alert]) -> list[Alert]:
        """The newest first."""
        others = [
            other
            for other in latest
            if other.id != alert.id
            and other.mailed_at is None
            and self._is_recent(other.at, RECENT)
        ]
        return sorted([alert, *others], key=lambda one: one.at, reverse=True)

    def _wanted(self, account_id: str, waiting: list[Alert]) -> list[Alert]:
        """Those that nobody has dismissed, and of which the owner wants a mail."""
        settings = self._thresholds.find([account_id]).get(account_id, DEFAULT)
        return [
            alert
            for alert in waiting
            if alert.is_open and (settings.email_enabled or alert.rule in ALWAYS_MAILED)
        ]

    def _is_recent(self, at: int | None, seconds: int) -> bool:
        return at is not None and self._now() - at < seconds

    def _keys_of(self, alerts: Iterable[Alert]) -> dict[str, ApiKey]:
        """By id; without those that are missing from a restored backup."""
        keys: dict[str, ApiKey] = {}
        for account_id, key_id in {(alert.account_id, alert.key_id) for alert in alerts}:
            try:
                keys[key_id] = self._keys.get(account_id, key_id)
            except KeyNotFound:
                continue
        return keys

    def _settle(self, alerts: Iterable[Alert], at: float) -> None:
        for alert in alerts:
            self._alerts.mark_mailed(alert, at)
