"""The number of open alerts beside their section in the navigation."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.aws import clients
from jmpy.dashboard.frame import MANY_ALERTS

if TYPE_CHECKING:
    from jmpy.alerts.store import AlertStore

_log = logging.getLogger(__name__)


class OpenAlerts:
    def __init__(self, alerts: AlertStore) -> None:
        self._alerts = alerts

    def count(self, account_id: str) -> int | None:
        """Up to one more than `MANY_ALERTS`; None where that cannot be read: a page is complete
        without it."""
        try:
            return self._alerts.count_open(account_id, MANY_ALERTS + 1)
        except clients.faults():
            _log.exception("open alerts not counted", extra={"account_id": account_id})
            return None
