"""Mails to the owner about entries of the audit log: a new key, one that was given more access, and
what became of a domain without the owner's doing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from jmpy.audit.model import Action
from jmpy.clock import system_clock
from jmpy.notices.widening import widenings

if TYPE_CHECKING:
    from collections.abc import Callable

    from jmpy.accounts.store import AccountStore
    from jmpy.audit.model import Entry
    from jmpy.clock import Clock
    from jmpy.notices.mail import Mailer
    from jmpy.notices.marks import MailMarks

_log = logging.getLogger(__name__)


class EntryMails:
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
        """Whether a mail was sent: once for each entry that its account's owner is to know of. A
        crash between sending and marking sends it twice. Raises `aws.faults()`."""
        send = self._mail(entry)
        if send is None:
            return False
        account = self._accounts.find(entry.account_id)
        if account is None or account.email is None or account.is_suspended:
            return False
        if self._marks.is_sent(entry.account_id, entry.id):
            return False
        send(account.email)
        self._marks.mark_sent(entry.account_id, entry.id, self._now())
        about = {"target_id": entry.target_id, "entry_id": entry.id, "action": entry.action}
        _log.info("mail about a change sent", extra=about)
        return True

    def _mail(self, entry: Entry) -> Callable[[str], None] | None:
        """What sends it to an address; None if the owner gets none."""
        match entry.action:
            case Action.KEY_CREATED:
                return lambda recipient: self._mailer.send_key_created(recipient, entry)
            case (
                Action.DOMAIN_FAILING
                | Action.DOMAIN_RECOVERED
                | Action.DOMAIN_LOST
                | Action.DOMAIN_SUSPENDED
                | Action.DOMAIN_RESTORED
            ):
                return lambda recipient: self._mailer.send_domain(recipient, entry)
        widened = widenings(entry.changes)
        if not widened:
            return None
        return lambda recipient: self._mailer.send_key_widened(recipient, entry, widened)
