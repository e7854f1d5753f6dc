"""The page of alerts about an account's API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.alerts.errors import AlertNotFound
from jmpy.alerts.model import AlertStatus
from jmpy.alerts.store import AlertFilter
from jmpy.alerts.wording import TITLES, details, source
from jmpy.clock import DAY
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import confirming, view_models
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.dashboard.views.alerts import AlertsPage, UnusualActivity
from jmpy.dashboard.views.key_names import KeyName
from jmpy.formats.cursor import CURSOR, from_cursor, to_cursor
from jmpy.keys.model import KeyStatus
from jmpy.web.site_errors import NoPage

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.callers import KeyCallers
    from jmpy.activity.key_usage_store import KeyUseStore
    from jmpy.alerts.model import Alert
    from jmpy.alerts.store import AlertStore
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site
    from jmpy.webhooks.store import WebhookStore

ALERTS = "/dashboard/alerts"
PAGE_SIZE = 20


class AlertPages(SectionPages):
    section = Section.ALERTS

    def __init__(
        self,
        site: Site,
        alerts: AlertStore,
        keys: KeyService,
        uses: KeyUseStore,
        webhooks: WebhookStore,
        *,
        callers: KeyCallers,
    ) -> None:
        super().__init__(site)
        self._alerts = alerts
        self._keys = keys
        self._uses = uses
        self._webhooks = webhooks
        self._callers = callers
        site.page(ALERTS)(self.list)
        site.action(f"{ALERTS}/<id>/dismiss", page=ALERTS)(self.dismiss)
        site.page(f"{ALERTS}/<id>/revoke")(self.ask_to_revoke)
        site.action(f"{ALERTS}/<id>/revoke", narrows=True)(self.revoke)

    def list(self) -> str:
        shows_all = self._sent("show", "all") != ""
        cursor = self._sent("cursor", CURSOR)
        wanted = AlertFilter(None if shows_all else AlertStatus.OPEN)
        found = self._alerts.page(self._account, wanted, PAGE_SIZE, from_cursor(cursor or None))
        keys = {key.id: key for key in self._keys.of_account(self._account)}
        names = view_models.key_names(keys.values(), self._now)
        webhook = self._webhooks.find(self._account)
        return render(
            AlertsPage(
                frame=self._frame(),
                alerts=tuple(
                    _unusual(alert, keys.get(alert.key_id), names.get(alert.key_id))
                    for alert in found.entries
                ),
                shows_all=shows_all,
                is_webhook_disabled=bool(webhook and webhook.health.disabled_at),
                next_cursor=to_cursor(found.cursor),
                cursor=cursor,
            )
        )

    def dismiss(self, id: str) -> Response[str]:  # noqa: A002 - the name in the path
        self._alerts.dismiss(self._alert(id))
        return self._done("alert-dismissed", ALERTS)

    def ask_to_revoke(self, id: str) -> str:  # noqa: A002
        key = self._keys.get(self._account, self._alert(id).key_id)
        return render(
            confirming.revoke_key(
                self._frame(),
                key,
                self._uses.find([key.id]).get(key.id),
                self._callers.find(key, self._now - DAY, self._now),
                action=("dashboard", "alerts", id, "revoke"),
                back=("dashboard", "alerts"),
                returns=self._back(),
            )
        )

    def revoke(self, id: str) -> Response[str]:  # noqa: A002
        """The key that the alert is about; there is nothing left to watch then."""
        alert = self._alert(id)
        self._keys.revoke(self._account, alert.key_id, by=self._site.origin)
        self._alerts.dismiss(alert)
        return self._done("key-revoked", ALERTS)

    def _alert(self, alert_id: str) -> Alert:
        """Raises NoPage."""
        try:
            return self._alerts.get(self._account, alert_id)
        except AlertNotFound:
            raise NoPage from None


def _unusual(alert: Alert, key: ApiKey | None, name: KeyName | None) -> UnusualActivity:
    return UnusualActivity(
        id=alert.id,
        at=alert.at,
        title=TITLES[alert.rule],
        details=details(alert.facts),
        key_id=alert.key_id,
        key_name=name.name if name else alert.key_id,
        key_note=name.note if name else "",
        key_works=key is not None and key.status is KeyStatus.ACTIVE,
        where_from=f"{source(alert.evidence)}, {alert.evidence.route}",
        is_open=alert.is_open,
    )
