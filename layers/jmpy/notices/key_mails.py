"""Mails to the owner about a new key, and about one that was given more access."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.audit.model import Action
from jmpy.clock import system_clock
from jmpy.notices.widening import widenings

if TYPE_CHECKING:
    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Entry
    from jmpy.clock import Clock
    from jmpy.notices.mail import Mailer
    from jmpy.notices.marks import MailMarks

_log = logging.getLogger(__name__)


class KeyMails:
    def __init__(
        self,
        accounts: AccountStore,
        marks: MailMarks,
        mailer: Mailer,
        now: Clock = system_clock,
    ) -> None:
        self._accounts = accounts
        self._marks = marks
        self._mailer = mailer
        self._now = now

    def send(self, entry: Entry) -> bool:
        """Whether a mail was sent: once for each entry about a key that its account's owner is to
        know of. A crash between sending and marking sends it twice. Raises `aws.faults()`."""
        is_new = entry.action is Action.KEY_CREATED
        widened = [] if is_new else widenings(entry.changes)
        if not is_new and not widened:
            return False
        account = self._accounts.find(entry.account_id)
        if account is None or account.email is None or account.is_suspended:
            return False
        if self._marks.is_sent(entry.account_id, entry.id):
            return False
        if is_new:
            self._mailer.send_key_created(account.email, entry)
        else:
            self._mailer.send_key_widened(account.email, entry, widened)
        self._marks.mark_sent(entry.account_id, entry.id, self._now())
        _log.info("mail about a key sent", extra={"key_id": entry.target_id, "entry_id": entry.id})
        return True
