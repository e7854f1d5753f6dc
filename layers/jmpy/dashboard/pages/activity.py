"""The page of the requests that were made with an account's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jmpy.activity.access_log_line import ABSENT
from jmpy.activity.item import account_subject, key_subject
from jmpy.activity.request_store import STATUS, Filter, statuses
from jmpy.activity.schema import log_file
from jmpy.countries import country_name
from jmpy.dashboard import views
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.section import SectionPages
from jmpy.dashboard.render import render
from jmpy.formats import csv_file
from jmpy.formats.cursor import CURSOR, from_cursor, to_cursor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import Response

    from jmpy.activity.access_log_line import Request
    from jmpy.activity.request_store import AccessLog, Usage
    from jmpy.alerts.store import AlertStore
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

ACTIVITY = "/dashboard/activity"
PAGE_SIZE = 50

_REASONS = {
    "revoked": "the key is revoked",
    "expired": "the key has expired",
    "suspended": "the account is suspended",
    "header_only": "the key is accepted in headers only",
}


class ActivityPages(SectionPages):
    section = Section.ACTIVITY

    def __init__(self, site: Site, log: AccessLog, alerts: AlertStore, keys: KeyService) -> None:
        super().__init__(site)
        self._log = log
        self._alerts = alerts
        self._keys = keys
        site.page(ACTIVITY)(self.requests)
        site.page(f"{ACTIVITY}/export")(self.export)

    def requests(self) -> str:
        names = view_models.key_names(self._keys.of_account(self._account), self._now)
        key_id, status = self._sent("key", r".{1,64}"), self._sent("status", STATUS)
        cursor = self._sent("cursor", CURSOR)
        found = self._log.page(
            self._account, self._filter(), PAGE_SIZE, from_cursor(cursor or None)
        )
        return render(
            views.ActivityPage(
                frame=self._frame(),
                requests=tuple(_logged(request, names) for request in found.entries),
                days=views.RequestsPerDay(self._usage(key_id, names)),
                open_alerts=self._alerts.count_open(self._account),
                keys=tuple(names.values()),
                key_id=key_id,
                status=status,
                next_cursor=to_cursor(found.cursor),
                is_first=not cursor,
            )
        )

    def export(self) -> Response[str]:
        return csv_file.response(log_file(self._log, self._account, self._filter()), "access-log")

    def _usage(self, key_id: str, names: Mapping[str, views.KeyName]) -> list[Usage]:
        """Of the chosen key, if it is one of the account's."""
        subject = key_subject(key_id) if key_id in names else account_subject(self._account)
        return view_models.charted(self._log, subject, self._now)

    def _filter(self) -> Filter:
        return Filter(
            key_id=self._sent("key", r".{1,64}") or None,
            status=statuses(self._sent("status", STATUS) or None),
        )


def _logged(request: Request, names: Mapping[str, views.KeyName]) -> views.LoggedRequest:
    name = names.get(request.key_id)
    return views.LoggedRequest(
        id=request.request_id,
        at=request.at,
        key_id=request.key_id,
        key_name=name.name if name else request.key_id,
        key_note=name.note if name else "",
        route=f"{request.method} {request.route}",
        status=request.status,
        reason=_REASONS.get(request.reason),
        credential=None if request.credential == ABSENT else request.credential,
        ip_address=request.ip,
        country=request.country and country_name(request.country),
        user_agent=request.user_agent,
        milliseconds=request.milliseconds,
        count=request.count,
    )
