"""One run over the links that were taken down: one email to each owner about all of theirs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from jmpy.aws import clients
from jmpy.clock import system_clock
from jmpy.notices.service import NoticesFailed

if TYPE_CHECKING:
    from jmpy.accounts.store import AccountStore
    from jmpy.clock import Clock
    from jmpy.notices.mail import Mailer
    from jmpy.notices.takedowns import TakedownNotice, TakedownNotices

_log = logging.getLogger(__name__)


class TakedownMails:
    def __init__(
        self,
        accounts: AccountStore,
        notices: TakedownNotices,
        mailer: Mailer,
        now: Clock = system_clock,
    ) -> None:
        self._accounts = accounts
        self._notices = notices
        self._mailer = mailer
        self._now = now

    def send(self) -> int:
        """As `Notices.send`. Raises NoticesFailed at the end."""
        run = uuid4().hex
        outcomes = [self._sent(waiting, run) for waiting in self._notices.waiting(self._now())]
        sent = outcomes.count(True)
        if failed := outcomes.count(None):
            raise NoticesFailed(failed, sent)
        return sent

    def _sent(self, waiting: list[TakedownNotice], run: str) -> bool | None:
        """None if it failed."""
        account_id = waiting[0].account_id
        try:
            account = self._accounts.find(account_id)
            email = None if account is None or account.is_suspended else account.email
            if not self._notices.claim(account_id, run, self._now()):
                return False
            if email is not None:
                self._send(email, waiting)
            self._notices.settle(account_id, waiting)
        except clients.faults():
            _log.exception("notice not sent", extra={"account_id": account_id})
            return None
        return email is not None

    def _send(self, email: str, waiting: list[TakedownNotice]) -> None:
        """Raises `aws.faults()`."""
        try:
            self._mailer.send_takedowns(email, waiting)
        except clients.faults():
            self._notices.release(waiting[0].account_id)
            raise
