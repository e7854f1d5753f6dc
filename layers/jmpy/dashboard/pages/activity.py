"""The page of the requests that were made with an account's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmpy.activity.item import account_subject, key_subject
from jmpy.activity.request_store import STATUS, RequestFilter, statuses
from jmpy.activity.schema import log_file
from jmpy.dashboard.frame import Section
from jmpy.dashboard.pages import view_models
from jmpy.dashboard.pages.log_pages import PAGE_SIZE, LogPages
from jmpy.dashboard.views.activity import ActivityPage, RequestRow, RequestsPerDay
from jmpy.dashboard.views.key_names import KeyName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmpy.activity.access_log_line import LoggedRequest
    from jmpy.activity.request_store import AccessLog, UsageDay
    from jmpy.aws.log_query import LogPage
    from jmpy.formats.csv_file import CsvFile
    from jmpy.keys.service import KeyService
    from jmpy.web.site import Site

ACTIVITY = "/dashboard/activity"


class ActivityPages(LogPages):
    section = Section.ACTIVITY
    path = ACTIVITY
    file_name = "access-log"

    def __init__(self, site: Site, log: AccessLog, keys: KeyService) -> None:
        super().__init__(site, keys)
        self._log = log

    def _read(self, after: str | None) -> LogPage[LoggedRequest]:
        return self._log.page(self._account, self._filter(), PAGE_SIZE, after)

    def _file(self) -> CsvFile:
        return log_file(self._log, self._account, self._filter())

    def _view(
        self, found: LogPage[LoggedRequest], names: Mapping[str, KeyName], **common: Any
    ) -> ActivityPage:
        return ActivityPage(
            entries=tuple(
                RequestRow(request, names.get(request.key_id)) for request in found.entries
            ),
            days=RequestsPerDay(self._usage(names)),
            status=self._status,
            **common,
        )

    def _usage(self, names: Mapping[str, KeyName]) -> list[UsageDay]:
        """Of the chosen key, if it is one of the account's."""
        key_id = self._id("key")
        subject = key_subject(key_id) if key_id in names else account_subject(self._account)
        return view_models.charted(self._log, subject, self._now)

    def _filter(self) -> RequestFilter:
        return RequestFilter(key_id=self._id("key") or None, status=statuses(self._status or None))

    @property
    def _status(self) -> str:
        return self._sent("status", STATUS)
