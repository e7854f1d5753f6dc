"""The page of the requests that were made with an account's keys."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from jmpy.activity.access_log import ABSENT, REFUSED
from jmpy.activity.log import STATUS, Filter, account_subject, key_subject, statuses
from jmpy.activity.schema import CURSOR, from_cursor, log_file, to_cursor
from jmpy.alerts.model import Status
from jmpy.alerts.words import TITLES
from jmpy.clock import system_clock
from jmpy.dashboard import views
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import framing
from jmpy.dashboard.render import render
from jmpy.http import csv_file
from jmpy.http.site_errors import NoPage
from jmpy.keys.model import KeyStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.access_log import Request
    from jmpy.activity.log import AccessLog, Usage
    from jmpy.alerts.model import Alert
    from jmpy.alerts.store import AlertStore
    from jmpy.http.site import Site
    from jmpy.keys.model import ApiKey
    from jmpy.keys.service import KeyService

ACTIVITY = "/dashboard/activity"
PAGE_SIZE = 50
CHARTED_DAYS = 30
SHOWN_ALERTS = 20

_REASONS = {
    "revoked": "the key is revoked",
    "expired": "the key has expired",
    "header_only": "the key is for headers only",
}


class ActivityPages:
    def __init__(self, site: Site, log: AccessLog, alerts: AlertStore, keys: KeyService) -> None:
        self._site = site
        self._log = log
        self._alerts = alerts
        self._keys = keys
        site.page(ACTIVITY)(self.requests)
        site.page(f"{ACTIVITY}/export")(self.export)
        site.action(f"{ACTIVITY}/alerts/<id>/dismiss")(self.dismiss)
        site.action(f"{ACTIVITY}/alerts/<id>/revoke")(self.revoke)

    def requests(self) -> str:
        keys = {key.id: key for key in self._keys.of_account(self._account)}
        names = {key.id: key.name for key in keys.values()}
        key_id, status = self._sent("key", r".{1,64}"), self._sent("status", STATUS)
        cursor = self._sent("cursor", CURSOR)
        found = self._log.page(
            self._account, self._filter(), PAGE_SIZE, from_cursor(cursor or None)
        )
        return render(
            views.ActivityPage(
                frame=framing.frame(self._site, Section.ACTIVITY),
                requests=tuple(_logged(request, names) for request in found.requests),
                days=tuple(map(_day, self._usage(key_id, names))),
                alerts=tuple(
                    _unusual(alert, keys.get(alert.key_id))
                    for alert in islice(self._open_alerts(), SHOWN_ALERTS)
                ),
                keys=tuple(names.items()),
                key_id=key_id,
                status=status,
                next_cursor=to_cursor(found.cursor),
                is_first=not cursor,
            )
        )

    def export(self) -> Response[str]:
        return csv_file.answer(log_file(self._log, self._account, self._filter()), "access-log")

    def dismiss(self, id: str) -> Response[str]:  # noqa: A002 - the name in the path
        self._alerts.dismiss(self._alert(id))
        return framing.done(self._site, "alert-dismissed", ACTIVITY)

    def revoke(self, id: str) -> Response[str]:  # noqa: A002
        """The key that the alert is about; there is nothing left to watch then."""
        alert = self._alert(id)
        self._keys.revoke(self._account, alert.key_id, by=self._site.origin)
        self._alerts.dismiss(alert)
        return framing.done(self._site, "key-revoked", ACTIVITY)

    def _open_alerts(self) -> Iterator[Alert]:
        return (
            alert for alert in self._alerts.of_account(self._account) if alert.status is Status.OPEN
        )

    def _alert(self, alert_id: str) -> Alert:
        """Raises NoPage."""
        for alert in self._alerts.of_account(self._account):
            if alert.id == alert_id:
                return alert
        raise NoPage

    def _usage(self, key_id: str, names: Mapping[str, str]) -> list[Usage]:
        """Of the chosen key, if it is one of the account's."""
        subject = key_subject(key_id) if key_id in names else account_subject(self._account)
        today = datetime.fromtimestamp(system_clock(), UTC).date()
        return self._log.usage(subject, today - timedelta(days=CHARTED_DAYS - 1), today)

    def _filter(self) -> Filter:
        return Filter(
            key_id=self._sent("key", r".{1,64}") or None,
            status=statuses(self._sent("status", STATUS) or None),
        )

    def _sent(self, name: str, pattern: str) -> str:
        return framing.sent(self._site, name, pattern)

    @property
    def _account(self) -> str:
        return self._site.session.account_id


def _unusual(alert: Alert, key: ApiKey | None) -> views.UnusualActivity:
    return views.UnusualActivity(
        id=alert.id,
        at=alert.at,
        title=TITLES[alert.rule],
        details=alert.details,
        key_id=alert.key_id,
        key_name=key.name if key else alert.key_id,
        key_works=key is not None and key.status is KeyStatus.ACTIVE,
        where_from=f"{alert.evidence.ip}, {alert.evidence.route}",
    )


def _logged(request: Request, names: Mapping[str, str]) -> views.LoggedRequest:
    return views.LoggedRequest(
        id=request.request_id,
        at=request.at,
        key_id=request.key_id,
        key_name=names.get(request.key_id, request.key_id),
        route=f"{request.method} {request.route}",
        status=request.status,
        reason=_REASONS.get(request.reason),
        credential=None if request.credential == ABSENT else request.credential,
        ip_address=request.ip,
        user_agent=request.user_agent,
        milliseconds=request.milliseconds,
    )


def _day(usage: Usage) -> views.RequestDay:
    refused = sum(count for (_, status), count in usage.counts.items() if status >= REFUSED)
    start = datetime.combine(usage.day, time(), UTC)
    label = f"{usage.day.day} {usage.day:%b}"
    return views.RequestDay(int(start.timestamp()), label, usage.total, refused)
