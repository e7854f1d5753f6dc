"""One run over the keys that expire soon."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.aws import clients
from jmpy.clock import DAY, system_clock
from jmpy.keys.item import expiry_day
from jmpy.notices.schedule import WEEK, due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jmpy.accounts.store import AccountStore
    from jmpy.clock import Clock
    from jmpy.keys.model import ApiKey
    from jmpy.keys.store import KeyStore
    from jmpy.notices.mail import Mailer
    from jmpy.notices.schedule import KeyNoticeKind
    from jmpy.notices.store import NoticeStore

_log = logging.getLogger(__name__)


class NoticesFailed(Exception):
    """Some notices could not be sent; the next run will try again."""

    def __init__(self, failed: int, sent: int) -> None:
        super().__init__(f"{failed} notices could not be sent")
        self.sent = sent


class Notices:
    def __init__(
        self,
        accounts: AccountStore,
        keys: KeyStore,
        store: NoticeStore,
        mailer: Mailer,
        now: Clock = system_clock,
    ) -> None:
        self._accounts = accounts
        self._keys = keys
        self._store = store
        self._mailer = mailer
        self._now = now

    def send(self) -> int:
        """Sends the notices that are due; returns how many. A failure does not prevent the others
        from being sent. Raises NoticesFailed at the end."""
        outcomes = [self._sent(key) for key in self._ending()]
        sent = outcomes.count(True)
        if failed := outcomes.count(None):
            raise NoticesFailed(failed, sent)
        return sent

    def _ending(self) -> Iterator[ApiKey]:
        now = int(self._now())
        for days in range(WEEK // DAY + 1):
            yield from self._keys.ending_on(expiry_day(now + days * DAY))

    def _sent(self, key: ApiKey) -> bool | None:
        """None if it failed."""
        kind = due(key, self._now())
        if kind is None:
            return False
        try:
            account = self._accounts.find(key.account_id)
            if account is None or account.email is None or account.is_suspended:
                return False
            if not self._store.claim(key, kind, self._now()):
                return False
            self._send(account.email, key, kind)
        except clients.faults():
            _log.exception("notice not sent", extra={"key_id": key.id, "kind": kind})
            return None
        return True

    def _send(self, recipient: str, key: ApiKey, kind: KeyNoticeKind) -> None:
        """Raises `aws.faults()`."""
        try:
            self._mailer.send(recipient, key, kind)
        except clients.faults():
            self._store.release(key, kind)
            raise
        self._store.settle(key, kind)
